import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/fetch';
import type { ContractRouterClient } from '@orpc/contract';
import { z } from 'zod';
import type { Contract } from '#contract/index.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '#tests/support/run-cli.ts';

const root = path.resolve(import.meta.dirname, '../..');
const hostFile = z.strictObject({ url: z.url(), pid: z.int() });
const LIST = 'EAN,Title,Cost USD\n4006381333931,Stabilo highlighter,1.00\n5901234123457,No price,\n';

let dir: string;
const file = (name: string) => path.join(dir, name);
const json = (text: string): unknown => JSON.parse(text);
const resale = (...args: string[]) => runCli(...args, '--json', '--data', dir);

beforeAll(() => {
  dir = mkdtempSync(path.join(os.tmpdir(), 'cli-'));
  writeFileSync(file('list.csv'), LIST);
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** A new practice desk scans every shop at once, which a test need not wait for. */
async function scanOnly(name: string): Promise<void> {
  const { url } = hostFile.parse(json(readFileSync(file('host.json'), 'utf8')));
  const client: ContractRouterClient<Contract> = createORPCClient(new RPCLink({ url: `${url}/rpc`, headers: { authorization: `Bearer ${readFileSync(file('api-token'), 'utf8').trim()}` } }));
  for (const source of await client.sources.list()) {
    if (source.name === name) continue;
    await client.sources.update({ id: source.id, enabled: false });
    for (const run of (await client.sources.get({ id: source.id })).runs) if (run.state === 'queued' || run.state === 'running') await client.sources.cancel({ id: run.id });
  }
}

describe('with no desk open, the command line', () => {
  it('opens one for the command, in the practice market of the seed, and closes it again', async () => {
    const end = await resale('sources', '--practice', '5');
    expect(end).toMatchObject({ code: 0, err: '' });
    const sources = z.array(z.looseObject({ name: z.string(), kind: z.string(), health: z.string() })).parse(json(end.out));
    expect(sources.map((s) => s.name)).toContain('Harbor Clearance');
    expect(existsSync(file('host.json'))).toBe(false);
    expect(existsSync(file('practice-5/desk.sqlite'))).toBe(true);
  });

  it('says what is wrong with a command, on the error stream, with the exit code of a usage error', async () => {
    const ends = await Promise.all([runCli('sell'), runCli('scan', '--limit', 'many'), runCli('practice', 'jog'), runCli('--colour'), runCli('scan', 'my', 'list.csv'), runCli('ledger', '--data', '')]);
    expect(ends.map((end) => [end.code, end.out])).toEqual(Array.from({ length: 6 }, () => [64, '']));
    expect(ends.map((end) => end.err.split('\n')[0])).toEqual([
      'resale: there is no command "sell"', expect.stringContaining('--limit takes a whole number'), 'resale: the practice command is: practice run', expect.stringContaining('--colour'),
      'resale: scan takes no "list.csv": put quotes around a name with spaces', 'resale: --data takes the path of a folder',
    ]);
    // for programs as JSON; a word that every object has is no command
    const asJson = await resale('constructor');
    expect([asJson.code, asJson.out, json(asJson.err)]).toEqual([64, '', { error: { code: 'USAGE', message: 'there is no command "constructor"', reasons: [] } }]);
  });
});

describe('beside an open desk, the command line', () => {
  let desk: ChildProcess;
  beforeAll(async () => {
    desk = spawn(process.execPath, [path.join(root, 'electron/headless/main.ts'), '--port', '0', '--no-open', '--data', dir, '--practice', '5'], { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
    await new Promise<void>((resolve, reject) => {
      desk.stdout!.on('data', (chunk: Buffer) => chunk.toString().includes('ready:') && resolve());
      desk.once('exit', () => reject(new Error('the desk did not start')));
    });
    await scanOnly('Harbor Clearance');
  }, 60_000);
  afterAll(async () => {
    if (desk.exitCode !== null) return;
    const ended = new Promise((resolve) => desk.once('exit', resolve));
    desk.kill('SIGKILL');
    await ended;
  });

  it('finds it by the file that it left', () => {
    expect(hostFile.parse(json(readFileSync(file('host.json'), 'utf8')))).toMatchObject({ pid: desk.pid });
  });

  it('scans a source, lists what is worth buying, approves it, and shows purchase, stock and books', async () => {
    const scan = await resale('scan', 'Harbor Clearance');
    expect(scan).toMatchObject({ code: 0, err: '' });
    const { run } = z.object({ run: z.looseObject({ state: z.string(), seen: z.int(), opportunities: z.int() }) }).parse(json(scan.out));
    expect(run.state).toBe('done');
    expect(run.seen).toBeGreaterThan(100);
    const listed = await resale('opportunities', '--sort', 'profit', '--limit', '3');
    const { items } = z.object({ items: z.array(z.looseObject({ id: z.string(), decision: z.string(), profit: z.object({ minor: z.int() }) })) }).parse(json(listed.out));
    expect(items.length).toBeGreaterThan(0);
    expect(items.map((o) => o.profit.minor)).toEqual(items.map((o) => o.profit.minor).toSorted((a, b) => b - a));
    const approved = await resale('approve', items[0]!.id);
    expect(approved).toMatchObject({ code: 0, err: '' });
    const { purchaseId } = z.looseObject({ purchaseId: z.string() }).parse(json(approved.out));
    await expect.poll(async () => {
      const { items: purchases } = z.object({ items: z.array(z.looseObject({ id: z.string(), state: z.string() })) }).parse(json((await resale('purchases')).out));
      return purchases.find((p) => p.id === purchaseId)?.state;
    }, { timeout: 60_000, interval: 1_000 }).toMatch(/confirmed|stopped/);
    const [stock, ledger, again] = [await resale('stock'), await resale('ledger'), await resale('approve', items[0]!.id)];
    expect(stock.code).toBe(0);
    expect(z.looseObject({ items: z.array(z.unknown()) }).parse(json(stock.out)).items.length).toBeGreaterThanOrEqual(0);
    expect(z.looseObject({ balanced: z.boolean() }).parse(json(ledger.out)).balanced).toBe(true);
    // a second approval of the same thing buys nothing
    expect(again.code).toBe(1);
    expect(again.out).toBe('');
    expect(json(again.err)).toMatchObject({ error: { code: expect.stringMatching(/^[A-Z_]+$/), message: expect.stringMatching(/./) } });
    const [inbox, decision, kept] = await Promise.all([resale('inbox'), resale('approval', 'show', purchaseId), resale('audit', 'export', file('head.json'))]);
    expect([inbox.code, decision.code, kept.code]).toEqual([0, 0, 0]);
    expect(z.looseObject({ items: z.array(z.unknown()) }).parse(json(inbox.out)).items).toBeInstanceOf(Array);
    expect(json(decision.out)).toMatchObject({ purchaseId, equal: true });
    expect(await resale('audit', 'verify', file('head.json'))).toMatchObject({ code: 0, err: '' });
  });

  it('reads a price list, and names row, field and reason of what it could not read', async () => {
    const end = await resale('scan', file('list.csv'));
    expect(end.code).toBe(0);
    expect(json(end.out)).toMatchObject({ list: { stage: 'passed', counts: { rows: 1, rejected: 1 } }, cost: { rows: 1, vendor: { name: 'keepa' } }, rejects: [{ line: 3, field: 'cost' }], rows: [{ asked: null }] });
    // only when told to are the vendors asked
    const asked = await resale('scan', file('list.csv'), '--rest');
    expect(asked.code).toBe(0);
    expect(json(asked.out)).toMatchObject({ list: { stage: 'done', rest: { total: 1, done: 1 } }, rows: [{ asked: { state: expect.any(String) } }] });
  });

  it('refuses a file of 2 GB at once', async () => {
    writeFileSync(file('huge.csv'), LIST);
    truncateSync(file('huge.csv'), 2 * 1024 ** 3);
    const end = await resale('scan', file('huge.csv'));
    expect(end).toMatchObject({ code: 64, out: '' });
    expect(json(end.err)).toMatchObject({ error: { code: 'USAGE', message: expect.stringMatching(/huge\.csv has 2048 MB; at most/) } });
  });

  it('finds the installation sound', async () => {
    const end = await resale('doctor');
    const { findings } = z.looseObject({ findings: z.array(z.object({ check: z.string(), state: z.string(), detail: z.string() })) }).parse(json(end.out));
    expect(end.code).toBe(0);
    expect(findings.find((f) => f.check === 'database (practice-5)')).toMatchObject({ state: 'ok', detail: expect.stringContaining('books balance') });
  });

  it('is on its own again once the desk was stopped; what a killed desk left is not believed', async () => {
    const ended = new Promise((resolve) => desk.once('exit', resolve));
    desk.kill('SIGTERM');
    await ended;
    expect(existsSync(file('host.json'))).toBe(false);
    writeFileSync(file('host.json'), JSON.stringify({ url: 'http://127.0.0.1:9', pid: 1 }));
    expect(await resale('ledger')).toMatchObject({ code: 0, err: '' });
  });
});

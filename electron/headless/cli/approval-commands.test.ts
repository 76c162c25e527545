import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { APPROVAL_COMMANDS } from './approval-commands.ts';

const dir = mkdtempSync(path.join(os.tmpdir(), 'resale-desk-approvals-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
const usd = (minor: number) => ({ minor, currency: 'USD' });
const head = { format: 'resale-desk/audit-head-1' as const, count: 12, seq: 12, hash: 'a'.repeat(64), at: 0, exportedAt: 1 };
let sound = true;
let lost = false;
let equal = true;
const asked: unknown[] = [];
const client = { approvals: {
  inbox: async () => ({ items: [{ kind: 'second-consent', id: 'pur_1', title: 'Bosch GSR drill', quantity: 2, total: usd(8_400), expiresAt: Date.UTC(2026, 10, 22) }] }),
  replay: async ({ id }: { id: string }) => ({ approvalId: 'apr_1', purchaseId: id, title: 'Bosch GSR drill', approvedAt: 0, expiresAt: 1, evidenceSha256: 'x', equal, consents: [{ name: 'Owner', channel: 'desktop', at: 0 }], checks: [{ code: 'terms', frozen: '$84.00', recomputed: equal ? '$84.00' : '$85.00', equal }], versions: { limits: '3' } }),
  verifyAudit: async (input: unknown) => { asked.push(input); return { sound, rows: 12, head: { seq: 12, hash: head.hash }, broken: sound ? null : { seq: 12, problem: 'cut-off' as const }, anchor: null, books: { entries: 30, broken: lost ? { entryId: 'led_1', problem: 'missing' as const } : null }, tookMs: 1 }; },
  exportAuditHead: async () => head,
} } as unknown as Parameters<typeof APPROVAL_COMMANDS.audit>[0];
const run = (command: keyof typeof APPROVAL_COMMANDS, ...args: string[]) => APPROVAL_COMMANDS[command](client as never, { args } as never);

describe('resale inbox and approval', () => {
  it('says what waits, and for how much at most', async () => {
    const answer = await run('inbox');
    expect(answer.text).toMatch(/second-consent +pur_1 +Bosch GSR drill +2 +\$84\.00|second-consent.*pur_1.*Bosch GSR drill/);
    expect(answer.json).toMatchObject({ items: [{ id: 'pur_1' }] });
  });

  it('shows a decision beside what is recomputed, and ends with an error where they differ', async () => {
    const same = await run('approval', 'show', 'pur_1');
    expect([same.exitCode, same.text]).toEqual([0, expect.stringMatching(/Approved .* by Owner \(desktop\)[\s\S]*Everything recomputed is equal/)]);
    equal = false;
    const other = await run('approval', 'show', 'pur_1');
    expect([other.exitCode, other.text]).toEqual([1, expect.stringContaining('DIFFERS')]);
    await expect(run('approval', 'show')).rejects.toThrow(/approval show ID/);
  });
});

describe('resale audit', () => {
  it('keeps the newest row in a file of its own, and compares the log with it', async () => {
    const file = path.join(dir, 'head.json');
    await run('audit', 'export', file);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(head);
    await expect(run('audit', 'export', file)).rejects.toThrow(/is there already/);
    expect(await run('audit', 'verify', file)).toMatchObject({ exitCode: 0, text: expect.stringContaining('is in it, unchanged') });
    expect(asked).toEqual([{ exported: head }]);
    [sound, lost] = [false, true];
    expect(await run('audit', 'verify', file)).toMatchObject({ exitCode: 1, text: expect.stringContaining('NOT SOUND: the ledger is not what was booked: led_1 is missing') });
    lost = false;
    sound = false;
    expect(await run('audit', 'verify', file)).toMatchObject({ exitCode: 1, text: expect.stringMatching(/^NOT SOUND: row 12 and all after it were cut off/) });
  });

  it('refuses files that are no head', async () => {
    writeFileSync(path.join(dir, 'other.json'), '{"seq":1}');
    await expect(run('audit', 'verify', path.join(dir, 'other.json'))).rejects.toThrow(/no head of an audit log/);
    await expect(run('audit', 'verify', path.join(dir, 'none.json'))).rejects.toThrow(/cannot be read/);
    await expect(run('audit', 'burn')).rejects.toThrow(/audit commands are/);
  });
});

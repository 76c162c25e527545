import { spawn } from 'node:child_process';
import fs from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { bundle } from '../../../bench/bundle.ts';
import { openDatabase } from '#runtime/database.ts';
import { templateFile } from '#runtime/template.ts';
import type { OpenMarket, Scenario, Tally } from './scenario.ts';
import { SCENARIOS } from './scenarios.ts';

const pointsSchema = z.record(z.string(), z.number());

export interface CrashRun {
  /** Whether the first process died by the signal where it was told to. */
  readonly killed: boolean;
  /** How often the process that came to the end passed each point. */
  readonly points: Readonly<Record<string, number>>;
  readonly tally: Tally;
  /** What the last process said where it did not end well. */
  readonly error: string;
}

/** What the child asks of the world: to move its clock on, and what a person sees at a vendor. */
function control(market: OpenMarket): Promise<{ readonly url: string; close(): void }> {
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://control');
    if (url.pathname === '/look') return void response.end(market.look(url.searchParams.get('question') ?? ''));
    market.clock.advanceTo(Number(url.searchParams.get('to')));
    market.catchUp();
    response.end();
  });
  // a child that was busy for seconds finds its connection still there
  server.keepAliveTimeout = 0;
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => void server.close() }));
  });
}

interface Ended {
  readonly signal: string | null;
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** One file each, as the program ships: what a child does most is to start. */
const programs = new Map<string, Promise<string>>();

function programOf(scenario: string): Promise<string> {
  const name = scenario in SCENARIOS ? 'child' : 'app-child';
  const made = programs.get(name) ?? bundle(`tests/crash/matrix/${name}.ts`, name === 'child' ? 'inside' : 'as installed');
  programs.set(name, made);
  return made;
}

async function runChild(told: { readonly scenario: string }): Promise<Ended> {
  const script = await programOf(told.scenario);
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [script], { env: { ...process.env, RESALE_CRASH: JSON.stringify(told) }, stdio: ['ignore', 'pipe', 'pipe'] });
    let out = '';
    let err = '';
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code, signal, out, err }));
  });
}

async function withDatabase<Value>(file: string, use: (db: Awaited<ReturnType<typeof openDatabase>>) => Promise<Value>): Promise<Value> {
  const db = await openDatabase(file);
  try {
    return await use(db);
  } finally {
    await db.close();
  }
}

/** A scenario in a process of its own against vendors that live here; killed with SIGKILL at `killAt`, then started again and left to finish. */
export async function runScenario(scenario: Scenario & { readonly id: string }, seed: number, killAt: string | null): Promise<CrashRun> {
  const market = await scenario.open(seed);
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'resale-desk-crash-'));
  const file = path.join(dir, 'desk.sqlite');
  fs.copyFileSync(await templateFile(), file);
  const clockwork = await control(market);
  try {
    const facts = { ...market.facts, ...(await withDatabase(file, (db) => market.prepare(db))) };
    const told = (turn: string, at: string | null) => ({ scenario: scenario.id, db: file, control: clockwork.url, now: market.clock.now(), seed: `${scenario.id} ${seed} ${turn}`, killAt: at, facts });
    const first = await runChild(told('first', killAt));
    // The restart's clock is the market's: it may have died between its last word to the market and its own clock.
    const last = first.signal === null ? first : await runChild(told('second', null));
    const points = last.code === 0 ? pointsSchema.parse(JSON.parse(last.out.trim().split('\n').at(-1) ?? '{}')) : {};
    return { killed: first.signal === 'SIGKILL', points, tally: await withDatabase(file, (db) => market.tally(db)), error: last.code === 0 ? '' : last.err.slice(-2_000) };
  } finally {
    clockwork.close();
    await market.close();
    fs.rmSync(dir, { recursive: true, force: true, maxRetries: 3 });
  }
}

import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { templateFile } from '#runtime/template.ts';
import { bundle } from '../../bench/bundle.ts';

let dir: string;
let program: string;
beforeAll(async () => { program = await bundle('tests/crash/runtime-victim.ts'); });
beforeEach(async () => {
  dir = fs.mkdtempSync(path.join(os.tmpdir(), 'resale-desk-crash-'));
  fs.copyFileSync(await templateFile(), path.join(dir, 'desk.sqlite'));
});
afterEach(() => fs.rmSync(dir, { recursive: true, force: true }));

const victim = (point?: string) => spawnSync(process.execPath, [program, dir, ...(point ? [point] : [])], { encoding: 'utf8', timeout: 60_000 });

/** What happened outside, and what our own books say. */
function tally() {
  const world = fs.readFileSync(path.join(dir, 'world.txt'), 'utf8').trim().split('\n').map((line) => line.split(' ')[0]);
  const db = new BetterSqlite3(path.join(dir, 'desk.sqlite'));
  const one = (sql: string) => db.prepare(sql).pluck().get();
  const result = {
    world, workflow: one('SELECT state FROM "Workflow"'), workflows: one('SELECT count(*) FROM "Workflow"'), booked: one('SELECT count(*) FROM "LedgerEntry"'), events: one('SELECT count(*) FROM "Outbox"'), noted: one('SELECT count(*) FROM "Setting"'),
    unfinished: one(`SELECT count(*) FROM "Job" WHERE state <> 'done'`), integrity: one('PRAGMA integrity_check'),
  };
  db.close();
  return result;
}
const ONCE = { world: ['buy', 'list'], workflow: 'done', workflows: 1, booked: 1, events: 1, noted: 1, unfinished: 0, integrity: 'ok' };

const POINTS = [
  'effect:buy:before', 'world:buy:before', 'world:buy:after', 'effect:buy:called', 'effect:buy:recorded', 'transact:book:before', 'book:half', 'transact:book:committed',
  'event:before', 'event:after', 'job:before', 'job:after', 'effect:list:before', 'world:list:after', 'effect:list:called', 'effect:list:recorded',
];

describe('a process killed in the middle of a workflow', () => {
  it.each(POINTS)('has bought, booked, told and listed once after it was killed at %s', (point) => {
    const killed = victim(point);
    expect(killed.signal, killed.stderr).toBe('SIGKILL');
    const finished = victim();
    expect(finished.status, finished.stderr).toBe(0);
    expect(tally()).toEqual(ONCE);
  });

  it('has done so also after it was killed at every point in turn', () => {
    for (const point of POINTS) victim(point);
    expect(victim().status).toBe(0);
    expect(tally()).toEqual(ONCE);
  });
});

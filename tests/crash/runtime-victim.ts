/**
 * A program that is killed: `runtime-victim.ts DIR [POINT]` buys, books and lists once through a workflow, against an outside world that is a file, and
 * takes its own life with SIGKILL at POINT. Without one it goes on to the end, whatever it finds.
 */
import fs from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { createIdSource } from '#kernel/ids.ts';
import { silentLogger } from '#kernel/log.ts';
import { seededRandom } from '#kernel/random.ts';
import { DAY_MS, ManualClock } from '#kernel/time.ts';
import { openDatabase } from '#runtime/database.ts';
import { createRuntime } from '#runtime/runtime.ts';

const [dir, point] = process.argv.slice(2);
if (!dir) throw new Error('usage: runtime-victim.ts DIR [POINT]');
const world = path.join(dir, 'world.txt');

function die(reached: string): void {
  if (reached === point) process.kill(process.pid, 'SIGKILL');
}

const lines = () => (fs.existsSync(world) ? fs.readFileSync(world, 'utf8').split('\n') : []);

/** The vendor's side: one line for each effect that happened. It takes no notice of the key, like a vendor without idempotency. */
function effectOf(name: string) {
  return {
    output: z.string(),
    call: ({ idempotencyKey }: { idempotencyKey: string }) => {
      die(`world:${name}:before`);
      fs.appendFileSync(world, `${name} ${idempotencyKey}\n`);
      die(`world:${name}:after`);
      return Promise.resolve(idempotencyKey);
    },
    reconcile: ({ idempotencyKey }: { idempotencyKey: string }) => {
      const found = lines().includes(`${name} ${idempotencyKey}`);
      return Promise.resolve(found ? { found: idempotencyKey } : ('absent' as const));
    },
  };
}

const clock = new ManualClock(Date.UTC(2026, 10, 21));
const random = seededRandom('victim');
const db = await openDatabase(path.join(dir, 'desk.sqlite'));
const runtime = createRuntime({ db, clock, random, ids: createIdSource(clock, random), log: silentLogger, killSwitch: { isOn: () => Promise.resolve(false), isOnNow: () => false }, crashProbe: die });
const { jobs, outbox, workflows } = runtime.context;

workflows.define({
  kind: 'deal', input: z.null(),
  async run(flow) {
    await flow.effect('buy', effectOf('buy'));
    await flow.transact('book', z.null(), async (tx) => {
      await tx.ledgerEntry.create({ data: { id: `led_${crypto.randomUUID()}`, key: `deal ${crypto.randomUUID()}`, kind: 'purchase', memo: '', refKind: 'deal', refId: '1', at: 1n } });
      die('book:half');
      await outbox.add(tx, 'deal.booked', '1');
      return null;
    });
    await flow.waitUntil('delivery', clock.now() + DAY_MS);
    await flow.effect('list', effectOf('list'));
  },
});
jobs.register({
  kind: 'note', payload: z.null(),
  async run() {
    die('job:before');
    await db.transaction((tx) => tx.setting.upsert({ where: { key: 'noted' }, create: { key: 'noted', value: 'yes', updatedAt: 1n }, update: {} }));
    die('job:after');
  },
});
outbox.subscribe('deal.', () => {
  die('event:before');
  return db.transaction((tx) => jobs.add(tx, { kind: 'note', payload: null })).then(() => die('event:after'));
});

await db.transaction((tx) => workflows.start(tx, 'deal', 'deal 1', null));
for (;;) {
  await jobs.runDue();
  const next = await jobs.nextDueAt();
  if (next === null) break;
  clock.advanceTo(next);
}
await db.close();

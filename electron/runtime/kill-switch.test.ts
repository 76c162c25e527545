import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createKillSwitch, type HeldKillSwitch } from './kill-switch.ts';
import { createTestRuntime, type TestRuntime } from './testing.ts';
import { HeldBack } from './workflow-run.ts';

let desk: TestRuntime;
let killSwitch: HeldKillSwitch;
let stored = false;
let sent: string[];

beforeEach(async () => {
  [stored, sent] = [false, []];
  killSwitch = await createKillSwitch(() => Promise.resolve(stored));
  desk = await createTestRuntime({ killSwitch });
});
afterEach(() => desk.close());

/** One workflow for each kind of effect that leaves the house. */
async function startAll(before: (kind: string) => void = () => {}, onTheWay: (kind: string) => Promise<void> = async () => {}): Promise<void> {
  for (const kind of ['buy', 'list', 'message', 'pay']) {
    desk.context.workflows.define({
      kind, input: z.null(),
      run: async (run) => {
        before(kind);
        await run.effect('send', {
          output: z.string(), reconcile: () => Promise.resolve('absent' as const),
          call: async () => {
            await onTheWay(kind);
            if (killSwitch.isOnNow()) throw new HeldBack();
            sent.push(kind);
            return kind;
          },
        });
      },
    });
    await desk.db.transaction((tx) => desk.context.workflows.start(tx, kind, kind, null));
  }
}
const held = async () => (await desk.db.prisma.auditEntry.findMany({ where: { action: 'effect.held-back' } })).length;

describe('the kill switch', () => {
  it('lets nothing leave from the moment of pressing, before anything was stored of it', async () => {
    await startAll();
    killSwitch.press();
    await desk.context.jobs.runDue();
    expect(sent).toEqual([]);
    expect(await desk.db.prisma.workflow.count({ where: { state: 'waiting' } })).toBe(4);
  });

  it('holds back what had begun: intended and not yet called, and called and not yet sent', async () => {
    let pressed = false;
    await startAll(() => {}, (kind) => {
      if (kind === 'list' && !pressed) killSwitch.press();
      pressed ||= kind === 'list';
      return Promise.resolve();
    });
    await desk.context.jobs.runDue();
    const before = [...sent];
    expect(before).not.toContain('list');
    expect(await held()).toBeGreaterThan(0);
    expect(await desk.db.prisma.workflowStep.count({ where: { state: 'started' } })).toBe(0);
    await desk.runUntil(desk.clock.now() + 30 * 60_000);
    expect(sent).toEqual(before);
    killSwitch.release();
    await desk.runUntil(desk.clock.now() + 5 * 60_000);
    expect([...sent].sort()).toEqual(['buy', 'list', 'message', 'pay']);
  });

  it('survives a restart: a new process takes the stored word', async () => {
    stored = true;
    const next = await createKillSwitch(() => Promise.resolve(stored));
    expect(next.isOnNow()).toBe(true);
  });
});

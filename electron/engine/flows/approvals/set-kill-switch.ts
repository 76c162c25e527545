import { HELD_BACK } from '#runtime/workflow-run.ts';
import { KILL_SWITCH, putSetting, readSetting } from '../../settings/index.ts';
import type { Actor } from '../../team/index.ts';
import type { ApprovalsDeps } from './deps.ts';

/** Stops every outgoing effect at once, or lets them go on; what was held back goes on with the release. */
export async function setKillSwitch({ ctx, killSwitch }: Pick<ApprovalsDeps, 'ctx' | 'killSwitch'>, on: boolean, by: Actor): Promise<void> {
  if (on) killSwitch.press();
  await ctx.db.transaction(async (tx) => {
    const now = ctx.clock.now();
    await putSetting(tx, KILL_SWITCH, { on }, now);
    await ctx.audit.append(tx, { actor: by.personId, channel: by.channel, action: on ? 'kill-switch.pressed' : 'kill-switch.released' });
    if (!on) await tx.workflow.updateMany({ where: { state: 'waiting', error: HELD_BACK, wakeAt: { gt: now } }, data: { wakeAt: now } });
    await ctx.outbox.add(tx, 'settings.kill-switch', null, { on });
  });
  if (!on) killSwitch.release();
}

export interface HeldBackView {
  readonly on: boolean;
  readonly since: number | null;
  /** The person's name. */
  readonly by: string | null;
  readonly waiting: readonly { readonly kind: string; readonly count: number }[];
}

/** What goes on once the switch is released: workflows that met it, and those that are on their way to it. */
export async function readHeldBack({ ctx }: Pick<ApprovalsDeps, 'ctx'>): Promise<HeldBackView> {
  const { prisma } = ctx.db;
  const stored = await readSetting(ctx.db, KILL_SWITCH);
  const groups = await ctx.db.read<{ kind: string; count: number }>(`SELECT kind, count(*) AS count FROM "Workflow" WHERE state IN ('waiting', 'running') AND error = ? GROUP BY kind ORDER BY kind`, [HELD_BACK]);
  const pressed = stored.value.on ? await prisma.auditEntry.findFirst({ where: { action: 'kill-switch.pressed' }, orderBy: { seq: 'desc' } }) : null;
  const person = pressed ? await prisma.person.findUnique({ where: { id: pressed.actor }, select: { name: true } }) : null;
  return { on: stored.value.on, since: stored.value.on ? stored.updatedAt : null, by: person?.name ?? null, waiting: groups };
}

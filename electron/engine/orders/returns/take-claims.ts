import { z } from 'zod';
import type { Reason } from '#contract/shared.ts';
import { isConnectorError } from '#kernel/errors.ts';
import { DAY_MS, HOUR_MS } from '#kernel/time.ts';
import type { Tx } from '#runtime/ports.ts';
import { putSetting, readSetting, type SettingKey } from '../../settings/index.ts';
import type { OnSource } from '../deps.ts';
import { wrongState } from '../errors.ts';
import type { ChannelClaim } from '../ports.ts';
import { findByExternalId, updateOrder } from '../repo.ts';

/** Answers are owed in days: they are asked for as often as this, however often orders are. */
export const CLAIMS_EVERY_MS = 3 * HOUR_MS;
/** Banks take disputes for months after the sale. */
const LOOK_BACK_MS = 180 * DAY_MS;

const cursorSchema = z.strictObject({ readAt: z.int() });
const cursorOf = (market: string): SettingKey<z.infer<typeof cursorSchema>> => ({ key: `claims-cursor.${market}`, schema: cursorSchema, fallback: { readAt: 0 } });

const CODES = { answer: 'order.claim', waits: 'order.claim-waits', closed: 'order.claim-closed' } as const;

/** What stands at the order. `endsAt`: until when the channel takes an answer. */
function problemOf({ claimId, state, reason, amount, respondBy }: ChannelClaim): Reason {
  return { code: state === 'answer' && respondBy === null ? 'order.claim-open' : CODES[state], data: { claimId, reason: reason.toLowerCase().replaceAll('_', ' '), ...(amount ? { amount } : {}), ...(respondBy === null ? {} : { endsAt: respondBy }) } };
}

/** One reading of a claim stands among its order's problems, in the place of the reading before; the same again changes nothing. False for an order of somebody else's doing. */
export async function takeClaim(deps: OnSource, tx: Tx, reading: ChannelClaim): Promise<boolean> {
  const order = await findByExternalId(tx, deps.source.market, reading.orderId);
  if (!order) return false;
  const next = problemOf(reading);
  const before = order.facts.problems.find((problem) => problem.data?.['claimId'] === reading.claimId);
  if (before && JSON.stringify(before) === JSON.stringify(next)) return true;
  // closed before it was ever seen open: there is nothing to do, and what money moved the channel's own movements say
  const problems = before ? order.facts.problems.map((problem) => (problem === before ? next : problem)) : [...order.facts.problems, next];
  if (!(await updateOrder(tx, order, { ...order, facts: { ...order.facts, problems } }))) throw wrongState(order.state);
  await deps.ctx.outbox.add(tx, before ? 'order.changed' : 'order.claim', order.id, { externalId: order.externalId, state: reading.state, respondBy: reading.respondBy });
  return true;
}

/** Claims past the channel's returns, where it is time to look. A channel that does not say holds up nothing: the next look asks for the same. */
export async function syncClaims(deps: OnSource, signal: AbortSignal): Promise<void> {
  const { ctx: { db, clock, log }, source } = deps;
  const now = clock.now();
  if (!source.claims || now - (await readSetting(db, cursorOf(source.market))).value.readAt < CLAIMS_EVERY_MS) return;
  try {
    for (const reading of (await source.claims({ openedFrom: now - LOOK_BACK_MS, signal })) ?? []) await db.transaction((tx) => takeClaim(deps, tx, reading));
  } catch (error) {
    if (!isConnectorError(error)) throw error;
    log.warn('claims could not be read', { channel: source.market, kind: error.kind, reason: error.detail.message });
    return;
  }
  await db.transaction((tx) => putSetting(tx, cursorOf(source.market), { readAt: now }, now));
}

import { z } from 'zod';
import { isConnectorError } from '#kernel/errors.ts';
import { DAY_MS, MINUTE_MS } from '#kernel/time.ts';
import type { Tx } from '#runtime/ports.ts';
import { putSetting, readSetting, type SettingKey } from '../../settings/index.ts';
import type { OnSource } from '../deps.ts';
import { wrongState } from '../errors.ts';
import type { ReturnFacts } from '../order.ts';
import type { ChannelReturn } from '../ports.ts';
import { findByExternalId, updateOrder } from '../repo.ts';

/** Returns are asked for as often as this, however often orders are. */
export const RETURNS_EVERY_MS = 30 * MINUTE_MS;
/** Buyers may return for thirty days or sixty, and the parcel takes its time. */
const LOOK_BACK_MS = 90 * DAY_MS;

const cursorSchema = z.strictObject({ readAt: z.int() });
const cursorOf = (market: string): SettingKey<z.infer<typeof cursorSchema>> => ({ key: `returns-cursor.${market}`, schema: cursorSchema, fallback: { readAt: 0 } });

/** One reading of a return joins its order; the same again changes nothing. Of several returns of an order the one that is open counts, else the last. False for an order of somebody else's doing. */
export async function takeReturn(deps: OnSource, tx: Tx, reading: ChannelReturn): Promise<boolean> {
  const order = await findByExternalId(tx, deps.source.market, reading.orderId);
  if (!order) return false;
  const known = order.facts.return;
  if (known && known.id !== reading.returnId && known.state !== 'closed' && reading.state === 'closed') return false;
  const { returnId, orderId: _, ways, ...told } = reading;
  const next: ReturnFacts = { id: returnId, ...told, ways: [...ways], ...(known?.id === returnId && known.answering && ways.includes(known.answering) ? { answering: known.answering } : {}) };
  if (JSON.stringify(known) === JSON.stringify(next)) return true;
  if (!(await updateOrder(tx, order, { ...order, facts: { ...order.facts, return: next } }))) throw wrongState(order.state);
  await deps.ctx.outbox.add(tx, known?.id === returnId ? 'order.changed' : 'order.return', order.id, { externalId: order.externalId, state: next.state, respondBy: next.respondBy });
  return true;
}

/** What buyers want to send back, where it is time to look. A channel that does not say holds up nothing: the next look asks for the same. */
export async function syncReturns(deps: OnSource, signal: AbortSignal): Promise<void> {
  const { ctx: { db, clock, log }, source } = deps;
  const now = clock.now();
  if (!source.returns || now - (await readSetting(db, cursorOf(source.market))).value.readAt < RETURNS_EVERY_MS) return;
  try {
    for (const reading of await source.returns({ openedFrom: now - LOOK_BACK_MS, signal })) await db.transaction((tx) => takeReturn(deps, tx, reading));
  } catch (error) {
    if (!isConnectorError(error)) throw error;
    log.warn('returns could not be read', { channel: source.market, kind: error.kind, reason: error.detail.message });
    return;
  }
  await db.transaction((tx) => putSetting(tx, cursorOf(source.market), { readAt: now }, now));
}

import { z } from 'zod';
import { isConnectorError } from '#kernel/errors.ts';
import { DAY_MS, HOUR_MS } from '#kernel/time.ts';
import type { JobHandler } from '#runtime/ports.ts';
import type { OrderSourcePort } from '../orders/index.ts';
import { putSetting, readSetting, type SettingKey } from '../settings/index.ts';
import { takeCharge } from './book-charge.ts';
import type { ChargesDeps } from './deps.ts';

export const READ_CHARGES = 'channel-charges.read';
export const READ_CHARGES_EVERY_MS = 6 * HOUR_MS;
/** A channel may show a charge late: each look reads so far back before the last one. */
const OVERLAP_MS = 5 * DAY_MS;

/** `since`: what was charged before the first look is not for these books. */
const cursorSchema = z.strictObject({ since: z.int(), readUntil: z.int() });
const cursorOf = (market: string): SettingKey<z.infer<typeof cursorSchema> | null> => ({ key: `charges-cursor.${market}`, schema: cursorSchema.nullable(), fallback: null });

/** What a channel took from the account beside orders since the last look, each once. How many were new. */
export async function readCharges(deps: ChargesDeps, source: OrderSourcePort, signal?: AbortSignal): Promise<number> {
  const { db, clock, log } = deps.ctx;
  const key = cursorOf(source.market);
  if (!source.charges) return 0;
  const now = clock.now();
  const cursor = (await readSetting(db, key)).value ?? { since: now, readUntil: now };
  let [taken, waiting] = [0, false];
  for await (const listed of source.charges({ modifiedFrom: Math.max(cursor.since, cursor.readUntil - OVERLAP_MS), signal })) {
    for (const reading of listed) {
      const done = await db.transaction((tx) => takeCharge(deps, tx, { channel: source.market, reading }));
      if (done) taken += 1;
      waiting ||= done === null;
    }
  }
  if (waiting) log.warn('a charge waits for an exchange rate', { channel: source.market });
  await db.transaction((tx) => putSetting(tx, key, { since: cursor.since, readUntil: waiting ? cursor.readUntil : now }, now));
  return taken;
}

/** Channels on which something of ours stood; one that cannot be read holds up no other, and is asked for the same again. */
export function readChargesJob(deps: ChargesDeps): JobHandler<Record<never, never>> {
  const { db, log } = deps.ctx;
  return {
    kind: READ_CHARGES, payload: z.strictObject({}),
    run: async (_payload, { signal }) => {
      for (const source of deps.sources.connected()) {
        if (!source.charges || (await db.prisma.listing.findFirst({ where: { channel: source.market }, select: { id: true } })) === null) continue;
        try {
          await readCharges(deps, source, signal);
        } catch (error) {
          if (!isConnectorError(error)) throw error;
          log.warn('charges could not be read', { channel: source.market, kind: error.kind, reason: error.detail.message });
        }
      }
    },
  };
}

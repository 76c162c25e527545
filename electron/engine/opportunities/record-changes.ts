import type { OfferChange } from '#contract/scans.ts';
import { numbered } from '#runtime/numbered-sql.ts';
import type { Tx } from '#runtime/ports.ts';

/** The run of a source that changes are kept under. */
export interface ScanTarget {
  readonly runId: string;
  readonly sourceId: string;
}

/** What can be compared of an offer: one pack's price as offered, and stock where the site tells it. */
export interface OfferSight {
  readonly priceMinor: number;
  readonly currency: string;
  readonly stock: number | null;
}

export interface SightChange {
  readonly offerId: string;
  /** Null: it was not there. `gone`: it had been, once. */
  readonly before: OfferSight | null;
  readonly wasGone: boolean;
  readonly after: OfferSight;
  readonly at: number;
}

/** A source's newest runs of which each change is kept; of older ones only the counts. */
export const RUNS_WITH_CHANGES = 30;

const soldOut = (stock: number | null) => stock !== null && stock <= 0;

/** The change that matters most to a buyer: price before stock. */
export function changeKind({ before, wasGone, after }: Pick<SightChange, 'before' | 'wasGone' | 'after'>): OfferChange {
  if (wasGone) return 'back';
  if (!before) return 'new';
  if (before.currency !== after.currency) return 'other';
  if (after.priceMinor !== before.priceMinor) return after.priceMinor < before.priceMinor ? 'cheaper' : 'dearer';
  if (soldOut(before.stock) !== soldOut(after.stock)) return soldOut(after.stock) ? 'sold-out' : 'restocked';
  return 'other';
}

/** In the transaction of the page. An offer that a run meets twice keeps what it was before the run. */
export async function recordChanges(tx: Tx, target: ScanTarget, changes: readonly SightChange[]): Promise<void> {
  if (changes.length === 0) return;
  const rows = changes.map((c) => [c.offerId, changeKind(c), c.after.currency, c.wasGone ? null : (c.before?.priceMinor ?? null), c.after.priceMinor, c.wasGone ? null : (c.before?.stock ?? null), c.after.stock, c.at]);
  await tx.$executeRawUnsafe(...numbered(
    `INSERT INTO "ScanChange" (runId, sourceId, offerId, kind, currency, beforeMinor, afterMinor, beforeStock, afterStock, at)
     SELECT ?2, ?3, value->>0, value->>1, value->>2, value->>3, value->>4, value->>5, value->>6, value->>7 FROM json_each(?1) WHERE true
     ON CONFLICT (runId, offerId) DO UPDATE SET kind = CASE "ScanChange".kind WHEN 'new' THEN 'new' WHEN 'back' THEN 'back' ELSE excluded.kind END, afterMinor = excluded.afterMinor, afterStock = excluded.afterStock, at = excluded.at`,
    JSON.stringify(rows), target.runId, target.sourceId));
}

/** Before they are marked as seen: offers that had gone and that the source shows again as they were. */
export async function recordBack(tx: Tx, target: ScanTarget, externalIds: readonly string[], at: number): Promise<void> {
  if (externalIds.length === 0) return;
  await tx.$executeRawUnsafe(...numbered(
    `INSERT OR IGNORE INTO "ScanChange" (runId, sourceId, offerId, kind, currency, beforeMinor, afterMinor, beforeStock, afterStock, at)
     SELECT ?2, ?3, o.id, 'back', o.currency, NULL, o.priceMinor, NULL, o.stock, ?4
       FROM json_each(?1) w CROSS JOIN "Offer" o ON o.sourceId = ?3 AND o.externalId = w.value WHERE o.state = 'gone'`,
    JSON.stringify(externalIds), target.runId, target.sourceId, at));
}

/** Before they are retired: what a complete pass that began at `passStartedAt` did not show. */
export async function recordGone(tx: Tx, target: ScanTarget, { passStartedAt, at }: { readonly passStartedAt: number; readonly at: number }): Promise<void> {
  await tx.$executeRawUnsafe(...numbered(
    `INSERT OR IGNORE INTO "ScanChange" (runId, sourceId, offerId, kind, currency, beforeMinor, afterMinor, beforeStock, afterStock, at)
     SELECT ?1, ?2, id, 'gone', currency, priceMinor, NULL, stock, NULL, ?4 FROM "Offer" WHERE sourceId = ?2 AND lastSeenAt < ?3 AND state <> 'gone'`,
    target.runId, target.sourceId, passStartedAt, at));
}

/** Changes of all but a source's newest runs go. */
export async function forgetOldChanges(tx: Tx, sourceId: string): Promise<void> {
  await tx.$executeRawUnsafe(...numbered(
    `DELETE FROM "ScanChange" WHERE runId IN (SELECT id FROM "ScanRun" WHERE sourceId = ?1 ORDER BY startedAt DESC LIMIT -1 OFFSET ${RUNS_WITH_CHANGES})`, sourceId));
}

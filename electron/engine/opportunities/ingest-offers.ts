import type { EngineContext, Tx } from '#runtime/ports.ts';
import { numbered } from '#runtime/numbered-sql.ts';
import type { Instant } from '#kernel/time.ts';
import type { NormalOffer } from './normalise-offer.ts';
import { recordChanges, type ScanTarget, type SightChange } from './record-changes.ts';

export interface IngestCounts {
  readonly seen: number;
  readonly added: number;
  readonly changed: number;
}

interface KnownOffer {
  externalId: string;
  contentHash: string;
  state: string;
  id: string;
  priceMinor: number | bigint;
  currency: string;
  stock: number | bigint | null;
}

function changeOf(offerId: string, known: KnownOffer | undefined, offer: NormalOffer): SightChange {
  const before = known ? { priceMinor: Number(known.priceMinor), currency: known.currency, stock: known.stock === null ? null : Number(known.stock) } : null;
  return { offerId, before, wasGone: known?.state === 'gone', after: { priceMinor: offer.priceMinor, currency: offer.currency, stock: offer.stock }, at: offer.seenAt };
}

/**
 * Stores one page of offers in the caller's transaction. A new or changed one becomes `new` and will be evaluated; one that did not change
 * is only marked as seen. The last one wins when a page names an offer twice. Under a run (`into`), what changed is kept with it.
 */
export async function ingestOffers(ctx: EngineContext, tx: Tx, into: string | ScanTarget, offers: readonly NormalOffer[]): Promise<IngestCounts> {
  const sourceId = typeof into === 'string' ? into : into.sourceId;
  if (offers.length === 0) return { seen: 0, added: 0, changed: 0 };
  const page = [...new Map(offers.map((o) => [o.externalId, o])).values()];
  const known = await tx.$queryRawUnsafe<KnownOffer[]>(...numbered(
    `SELECT o.externalId, o.contentHash, o.state, o.id, o.priceMinor, o.currency, o.stock FROM json_each(?2) w CROSS JOIN "Offer" o ON o.sourceId = ?1 AND o.externalId = w.value`, sourceId, JSON.stringify(page.map((o) => o.externalId))));
  const before = new Map(known.map((k) => [k.externalId, k]));
  const same = page.filter((o) => before.get(o.externalId)?.contentHash === o.contentHash && before.get(o.externalId)?.state !== 'gone');
  const unchanged = new Set(same);
  const written = page.filter((o) => !unchanged.has(o));
  if (same.length > 0) {
    await tx.$executeRawUnsafe(...numbered(
      `UPDATE "Offer" SET lastSeenAt = ?3 WHERE rowid IN (SELECT o.rowid FROM json_each(?2) w CROSS JOIN "Offer" o ON o.sourceId = ?1 AND o.externalId = w.value)`,
      sourceId, JSON.stringify(same.map((o) => o.externalId)), Math.max(...same.map((o) => o.seenAt))));
  }
  if (written.length > 0) {
    const ids = written.map((o) => before.get(o.externalId)?.id ?? ctx.ids.next('offer'));
    const rows = written.map((o, i) => [
      ids[i]!, o.externalId, o.contentHash, o.url, o.title, o.brand, o.gtin, o.asin, o.mpn, o.candidates.length ? JSON.stringify(o.candidates) : null, o.identifierNote, o.condition,
      o.packSize, o.priceMinor, o.listPriceMinor, o.currency, o.shippingMinor, o.stock, o.sellerName, o.imageUrl, JSON.stringify(o.facts), o.seenAt,
    ]);
    await tx.$executeRawUnsafe(...numbered(
      `INSERT INTO "Offer" (id, sourceId, externalId, contentHash, url, title, brand, gtin, asin, mpn, candidates, identifierNote, condition, packSize, priceMinor, listPriceMinor, currency, shippingMinor, stock,
         sellerName, imageUrl, facts, state, firstSeenAt, lastSeenAt)
       SELECT value->>0, ?2, value->>1, value->>2, value->>3, value->>4, value->>5, value->>6, value->>7, value->>8, value->>9, value->>10, value->>11, value->>12, value->>13, value->>14, value->>15, value->>16,
         value->>17, value->>18, value->>19, value->>20, 'new', value->>21, value->>21 FROM json_each(?1) WHERE true
       ON CONFLICT (sourceId, externalId) DO UPDATE SET contentHash = excluded.contentHash, url = excluded.url, title = excluded.title, brand = excluded.brand, gtin = excluded.gtin, asin = excluded.asin,
         mpn = excluded.mpn, candidates = excluded.candidates, identifierNote = excluded.identifierNote, condition = excluded.condition, packSize = excluded.packSize, priceMinor = excluded.priceMinor,
         listPriceMinor = excluded.listPriceMinor, currency = excluded.currency, shippingMinor = excluded.shippingMinor, stock = excluded.stock, sellerName = excluded.sellerName, imageUrl = excluded.imageUrl,
         facts = excluded.facts, state = 'new', screenReason = NULL, lastSeenAt = excluded.lastSeenAt`,
      JSON.stringify(rows), sourceId));
    if (typeof into !== 'string') await recordChanges(tx, into, written.map((o, i) => changeOf(ids[i]!, before.get(o.externalId), o)));
  }
  return { seen: page.length, added: written.filter((o) => !before.has(o.externalId)).length, changed: written.filter((o) => before.has(o.externalId)).length };
}

/** What the source says did not change since the last pass: these offers still stand. @param externalIds of the offers, as the source names them */
export async function markSeen(tx: Tx, sourceId: string, externalIds: readonly string[], at: Instant): Promise<void> {
  if (externalIds.length === 0) return;
  await tx.$executeRawUnsafe(...numbered(
    `UPDATE "Offer" SET lastSeenAt = ?3, state = CASE state WHEN 'gone' THEN 'new' ELSE state END WHERE rowid IN (SELECT o.rowid FROM json_each(?2) w CROSS JOIN "Offer" o ON o.sourceId = ?1 AND o.externalId = w.value)`,
    sourceId, JSON.stringify(externalIds), at));
}

/** After a complete pass: what it did not show is gone, and with it the open opportunity. Answers how many offers went. */
export async function retireUnseen(tx: Tx, sourceId: string, passStartedAt: Instant): Promise<number> {
  await tx.$executeRawUnsafe(...numbered(
    `UPDATE "Opportunity" SET state = 'expired', version = version + 1 WHERE state = 'open' AND offerId IN (SELECT id FROM "Offer" WHERE sourceId = ?1 AND lastSeenAt < ?2 AND state <> 'gone')`, sourceId, passStartedAt));
  return tx.$executeRawUnsafe(...numbered(`UPDATE "Offer" SET state = 'gone' WHERE sourceId = ?1 AND lastSeenAt < ?2 AND state <> 'gone'`, sourceId, passStartedAt));
}

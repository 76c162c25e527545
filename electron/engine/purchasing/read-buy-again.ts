import { z } from 'zod';
import { DAY_MS, type Instant } from '#kernel/time.ts';
import type { Database } from '#runtime/ports.ts';

const rowSchema = z.object({ paidMinor: z.int().nullable(), paidIn: z.string(), asksMinor: z.int(), asksIn: z.string(), stock: z.int().nullable(), units: z.int(), unitsPerOffer: z.int() });

/** Opened again when the lot is sold out (flows/offer-again.ts); one in another state was skipped, or is bought again already. */
const readOffer = `SELECT p.unitMinor AS paidMinor, p.currency AS paidIn, o.priceMinor AS asksMinor, o.currency AS asksIn, o.stock, p.quantity * p.unitsPerOffer AS units, p.unitsPerOffer
  FROM StockLot l JOIN Purchase p ON p.id = l.purchaseId JOIN Offer o ON o.id = p.offerId JOIN Opportunity q ON q.id = p.opportunityId WHERE l.id = ? AND o.state <> 'gone' AND q.state = 'purchased'`;

/** What the offer that a lot was bought from asks now, over what was paid, and how many units of as many as then it has; null where it cannot be bought from again, or nothing says. */
export async function readBuyAgain(db: Database, lotId: string): Promise<{ readonly costRatio: number; readonly units: number } | null> {
  const [row] = z.array(rowSchema).parse(await db.read(readOffer, [lotId]));
  if (!row || row.paidMinor === null || row.paidMinor <= 0 || row.paidIn !== row.asksIn) return null;
  const units = Math.min(row.units, row.stock === null ? row.units : row.stock * row.unitsPerOffer);
  return units > 0 ? { costRatio: row.asksMinor / row.paidMinor, units } : null;
}

const LOOK_BACK_MS = 180 * DAY_MS;
/** So long a person has to buy again before it counts that nobody did. */
const TIME_TO_BUY_MS = 3 * DAY_MS;
/** Lots that stand for "nobody knows", half of them bought again. */
const PRIOR_LOTS = 4;

const countSchema = z.object({ soldOut: z.int(), again: z.int() });
const countAgain = `WITH newest AS (SELECT opportunityId, MAX(createdAt) AS at FROM Purchase GROUP BY opportunityId),
    moved AS (SELECT m.lotId, MAX(m.at) AS at FROM StockLot l CROSS JOIN StockMovement m ON m.lotId = l.id WHERE l.onHand = 0 AND l.createdAt >= ? GROUP BY m.lotId)
  SELECT COUNT(*) AS soldOut, COALESCE(SUM(n.at > p.createdAt), 0) AS again FROM moved JOIN StockLot l ON l.id = moved.lotId JOIN Purchase p ON p.id = l.purchaseId JOIN newest n ON n.opportunityId = p.opportunityId
  WHERE l.receivedAt IS NOT NULL AND moved.at < ?`;

/** Of the lots of late that sold out, the share whose offers were bought from again, whatever came of it: one desk goes on with what sells, another buys single finds. 0.5 where nothing was seen. */
export async function readAgainShare(db: Database, now: Instant): Promise<number> {
  const [row] = z.array(countSchema).parse(await db.read(countAgain, [now - LOOK_BACK_MS, now - TIME_TO_BUY_MS]));
  return ((row?.again ?? 0) + PRIOR_LOTS / 2) / ((row?.soldOut ?? 0) + PRIOR_LOTS);
}

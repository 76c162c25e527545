import { z } from 'zod';
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

import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Database, EngineContext, Tx } from '#runtime/ports.ts';
import { numbered } from '#runtime/numbered-sql.ts';
import type { Instant } from '#kernel/time.ts';
import { plainTitle } from './match/index.ts';
import { UNLEARNED, type LearnedLayer } from './rank-candidates.ts';

/** What an offer says it is. */
export interface OfferWords {
  readonly offerId: string;
  readonly title: string;
  readonly brand: string | null;
  readonly mpn: string | null;
  readonly packSize: number;
  /** As the page prints it; null where it says nothing. Tells packs apart, and things of one name. */
  readonly weightG?: number | null;
  /** Of the product that the page's code names, where it names one and that is no proof: damaged, or at odds with the title. */
  readonly codedAsin?: string | null;
}

/** The same words are the same question, whatever offer brings them and at whatever price. */
export function wordsKeyOf({ title, brand, mpn, packSize }: Omit<OfferWords, 'offerId' | 'weightG' | 'codedAsin'>): string {
  return createHash('sha256').update(JSON.stringify([plainTitle(title), plainTitle(brand ?? ''), plainTitle(mpn ?? ''), packSize])).digest('base64url').slice(0, 22);
}

export type PairState = 'open' | 'same' | 'different';

const sameOrNot = z.enum(['same', 'different', 'unsure']);
const judgedSchema = z.strictObject({ version: z.string(), verdict: sameOrNot, thinks: sameOrNot.optional(), why: z.string() });
export type Judged = z.infer<typeof judgedSchema>;
export const judgedOf = (text: string | null): Judged | null => (text === null ? null : (judgedSchema.safeParse(JSON.parse(text)).data ?? null));

export interface PairRecord {
  readonly wordsKey: string;
  readonly productId: string;
  readonly state: PairState;
  readonly decidedBy: string | null;
  readonly judged: Judged | null;
}

/** What was ever asked of these words, by their key. */
export async function findPairs(db: Database | Tx, wordsKeys: readonly string[]): Promise<Map<string, PairRecord[]>> {
  const client = 'prisma' in db ? db.prisma : db;
  const rows = await client.$queryRawUnsafe<{ wordsKey: string; productId: string; state: PairState; decidedBy: string | null; judged: string | null }[]>(
    `SELECT p.wordsKey, p.productId, p.state, p.decidedBy, p.judged FROM json_each(?) w CROSS JOIN "IdentityPair" p ON p.wordsKey = w.value ORDER BY p.id`, JSON.stringify(wordsKeys));
  const found = new Map<string, PairRecord[]>();
  for (const row of rows) found.set(row.wordsKey, [...(found.get(row.wordsKey) ?? []), { ...row, judged: judgedOf(row.judged) }]);
  return found;
}

export interface NewPair {
  readonly wordsKey: string;
  readonly productId: string;
  readonly offerId: string;
  readonly probabilityBp: number;
  readonly packUnknown: boolean;
  readonly state: PairState;
  readonly judged: Judged | null;
  readonly logOdds: number;
}

/** Keeps what is to be asked; what was asked before stays as it was answered, and an open question follows the newest probability. */
export async function keepPairs(ctx: EngineContext, tx: Tx, pairs: readonly NewPair[], model: string): Promise<void> {
  if (pairs.length === 0) return;
  const rows = pairs.map((p) => [ctx.ids.next('identity'), p.wordsKey, p.productId, p.offerId, p.state, p.probabilityBp, p.packUnknown ? 1 : 0, `${model}:${p.logOdds.toFixed(4)}`, p.state === 'open' ? null : 'judge', p.judged?.why ?? null, p.judged ? JSON.stringify(p.judged) : null]);
  await tx.$executeRawUnsafe(...numbered(
    `INSERT INTO "IdentityPair" (id, wordsKey, productId, offerId, state, probabilityBp, packUnknown, model, decidedBy, why, judged, askedAt, decidedAt)
     SELECT value->>0, value->>1, value->>2, value->>3, value->>4, value->>5, value->>6, value->>7, value->>8, value->>9, value->>10, ?2, CASE WHEN value->>4 = 'open' THEN NULL ELSE ?2 END FROM json_each(?1) WHERE true
     ON CONFLICT (wordsKey, productId) DO UPDATE SET probabilityBp = excluded.probabilityBp, model = excluded.model, judged = coalesce(excluded.judged, judged) WHERE IdentityPair.state = 'open'`,
    JSON.stringify(rows), ctx.clock.now()));
}

/** What is in force of what decisions taught. */
export async function readLearned(db: Database): Promise<LearnedLayer> {
  const row = await db.prisma.identityLearning.findFirst({ orderBy: { version: 'desc' } });
  return row ? { version: row.version, slope: row.slopeBp / 10_000, offset: row.offsetBp / 10_000 } : UNLEARNED;
}

/** People's decisions with the log odds that the matcher gave, oldest first: what the layer is fitted on. */
export async function findDecisions(tx: Tx): Promise<{ readonly logOdds: number; readonly same: boolean }[]> {
  const rows = await tx.$queryRawUnsafe<{ model: string; state: string }[]>(`SELECT model, state FROM "IdentityPair" WHERE state IN ('same', 'different') AND decidedBy = 'person' ORDER BY id`);
  return rows.flatMap((row) => {
    const logOdds = Number(row.model.split(':').at(-1));
    return Number.isFinite(logOdds) ? [{ logOdds, same: row.state === 'same' }] : [];
  });
}

export async function putLearned(tx: Tx, layer: LearnedLayer, decisions: number, at: Instant): Promise<void> {
  await tx.identityLearning.create({ data: { version: layer.version, slopeBp: Math.round(layer.slope * 10_000), offsetBp: Math.round(layer.offset * 10_000), decisions, createdAt: BigInt(at) } });
}

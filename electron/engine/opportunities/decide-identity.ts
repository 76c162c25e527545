import { implement } from '@orpc/server';
import { declaredErrors } from '#contract/errors.ts';
import { identityContract, type IdentityQuestion } from '#contract/identity.ts';
import { DomainError } from '#kernel/errors.ts';
import { money } from '#kernel/money.ts';
import type { Tx } from '#runtime/ports.ts';
import { judgedOf, learnIdentity, titlePackSize } from '#engine/catalog/index.ts';
import type { OpportunitiesDeps } from './deps.ts';
import { judgeAgain } from './repo.ts';

type State = IdentityQuestion['state'];

interface QuestionRow {
  id: string; state: State; probabilityBp: bigint; packUnknown: bigint; askedAt: bigint; decidedAt: bigint | null; decidedBy: 'person' | 'judge' | null; version: bigint; judged: string | null;
  offerId: string; offerTitle: string; offerBrand: string | null; offerMpn: string | null; offerGtin: string | null; packSize: bigint; priceMinor: bigint; currency: string; url: string; offerImage: string | null; sourceName: string;
  productId: string; title: string; brand: string | null; mpn: string | null; asin: string | null; gtin: string | null; category: string | null; imageUrl: string | null;
}

const COLUMNS = `q.id, q.state, q.probabilityBp, q.packUnknown, q.askedAt, q.decidedAt, q.decidedBy, q.version, q.judged,
  o.id AS offerId, o.title AS offerTitle, o.brand AS offerBrand, o.mpn AS offerMpn, o.gtin AS offerGtin, o.packSize, o.priceMinor, o.currency, o.url, o.imageUrl AS offerImage, s.name AS sourceName,
  p.id AS productId, p.title, p.brand, coalesce(p.attributes->>'mpn', p.attributes->>'model') AS mpn, p.asin, p.gtin, p.category, p.imageUrl`;
const JOINED = `"IdentityPair" q JOIN "Offer" o ON o.id = q.offerId JOIN "Source" s ON s.id = o.sourceId JOIN "Product" p ON p.id = q.productId`;

function questionOf(row: QuestionRow): IdentityQuestion {
  const judged = judgedOf(row.judged);
  return {
    id: row.id, state: row.state, probabilityBp: Number(row.probabilityBp), packUnknown: Number(row.packUnknown) === 1, askedAt: Number(row.askedAt), decidedAt: row.decidedAt === null ? null : Number(row.decidedAt),
    decidedBy: row.decidedBy, version: Number(row.version), opinion: judged ? { verdict: judged.thinks ?? judged.verdict, why: judged.why } : null,
    offer: {
      id: row.offerId, title: row.offerTitle, brand: row.offerBrand, mpn: row.offerMpn, gtin: row.offerGtin, packSize: Number(row.packSize), price: money(Number(row.priceMinor), row.currency), url: row.url,
      imageUrl: row.offerImage, sourceName: row.sourceName,
    },
    product: { id: row.productId, title: row.title, brand: row.brand, mpn: row.mpn, asin: row.asin, gtin: row.gtin, packSize: titlePackSize(row.title), category: row.category, imageUrl: row.imageUrl },
  };
}

async function requireQuestion(tx: Tx, id: string): Promise<IdentityQuestion> {
  const [row] = await tx.$queryRawUnsafe<QuestionRow[]>(`SELECT ${COLUMNS} FROM ${JOINED} WHERE q.id = ?`, id);
  if (!row) throw new DomainError('NOT_FOUND', 'There is no such question.', { kind: 'identity question', id });
  return questionOf(row);
}

/** Open questions likeliest first, answered ones newest first; those whose offer is gone are not asked. */
async function listQuestions({ ctx }: OpportunitiesDeps, input: { state: State; cursor?: string | undefined; limit: number }): Promise<{ items: IdentityQuestion[]; nextCursor: string | null }> {
  const skip = input.cursor === undefined ? 0 : Number(input.cursor);
  if (!Number.isSafeInteger(skip) || skip < 0) throw new DomainError('INVALID', 'The cursor is not one of this list.', { field: 'cursor', reason: 'unreadable' });
  const order = input.state === 'open' ? 'q.probabilityBp DESC, q.id' : 'q.decidedAt DESC, q.id';
  const rows = await ctx.db.prisma.$queryRawUnsafe<QuestionRow[]>(`SELECT ${COLUMNS} FROM ${JOINED} WHERE q.state = ? ${input.state === 'open' ? `AND o.state <> 'gone'` : ''} ORDER BY ${order} LIMIT ? OFFSET ?`, input.state, input.limit + 1, skip);
  return { items: rows.slice(0, input.limit).map(questionOf), nextCursor: rows.length > input.limit ? String(skip + input.limit) : null };
}

/** Every offer of the same words is judged by the new answer: that which brought them now, others when they are next looked at. */
async function settle(deps: OpportunitiesDeps, input: { id: string; version: number; state: State }): Promise<IdentityQuestion> {
  const { ctx } = deps;
  return ctx.db.transaction(async (tx) => {
    const before = await requireQuestion(tx, input.id);
    if (before.version !== input.version) throw new DomainError('STALE', 'The question changed since it was shown.', { version: before.version });
    const now = ctx.clock.now();
    const open = input.state === 'open';
    await tx.identityPair.update({ where: { id: input.id }, data: { state: input.state, decidedBy: open ? null : 'person', decidedAt: open ? null : BigInt(now), version: { increment: 1 } } });
    await learnIdentity(tx, now);
    await judgeAgain(tx, before.offer.id);
    await ctx.jobs.add(tx, { kind: 'reconsider', payload: { everything: false }, uniqueKey: 'reconsider:identity' });
    if (open) await ctx.outbox.add(tx, 'identity.asked', input.id);
    else await ctx.outbox.add(tx, 'identity.decided', input.id, { state: input.state });
    return requireQuestion(tx, input.id);
  });
}

export function createIdentityProcedures(deps: OpportunitiesDeps) {
  const os = implement(identityContract).use(declaredErrors);
  return os.router({
    list: os.list.handler(({ input }) => listQuestions(deps, input)),
    decide: os.decide.handler(({ input }) => settle(deps, { id: input.id, version: input.version, state: input.same ? 'same' : 'different' })),
    undo: os.undo.handler(({ input }) => settle(deps, { ...input, state: 'open' })),
  });
}

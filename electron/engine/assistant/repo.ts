import { z } from 'zod';
import { aiOutcome, aiPurpose, aiVendor, type AiPurpose } from '#contract/assistant.ts';
import { reasonSchema, type Reason } from '#contract/shared.ts';
import { startOfUtcDay, type Instant } from '#kernel/time.ts';
import type { Database, Tx } from '#runtime/ports.ts';
import type { AiCall as AiCallTable } from '#runtime/prisma/client.ts';

/** What was sent, as kept for replay. */
export const keptRequestSchema = z.strictObject({ instructions: z.string(), data: z.string(), schema: z.record(z.string(), z.unknown()), schemaName: z.string(), maxOutputTokens: z.int() });
export type KeptRequest = z.infer<typeof keptRequestSchema>;

export type AiOutcome = z.infer<typeof aiOutcome>;

export interface AiCall {
  readonly id: string;
  readonly purpose: AiPurpose;
  readonly subject: string | null;
  readonly vendor: 'openai' | 'anthropic';
  readonly model: string;
  readonly promptVersion: string;
  readonly inputHash: string;
  readonly request: KeptRequest | null;
  readonly answer: unknown;
  readonly outcome: AiOutcome;
  readonly detail: Reason | null;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly costMicro: number;
  readonly currency: string;
  readonly priceCard: string;
  readonly latencyMs: number;
  readonly answeredBy: string | null;
  readonly at: Instant;
}

const json = (text: string | null): unknown => (text === null ? null : (JSON.parse(text) as unknown));
const text = (value: unknown): string | null => (value === null || value === undefined ? null : JSON.stringify(value));

function toCall(row: AiCallTable): AiCall {
  return {
    id: row.id, purpose: aiPurpose.parse(row.purpose), subject: row.subject, vendor: aiVendor.parse(row.vendor), model: row.model, promptVersion: row.promptVersion, inputHash: row.inputHash,
    request: row.request === null ? null : keptRequestSchema.parse(json(row.request)), answer: json(row.answer), outcome: aiOutcome.parse(row.outcome), detail: row.detail === null ? null : reasonSchema.parse(json(row.detail)),
    inputTokens: row.inputTokens, outputTokens: row.outputTokens, costMicro: Number(row.costMicro), currency: row.currency, priceCard: row.priceCard, latencyMs: row.latencyMs, answeredBy: row.answeredBy, at: Number(row.createdAt),
  };
}

export async function insertCall(tx: Tx, call: AiCall): Promise<void> {
  const { at, request, answer, detail, ...rest } = call;
  await tx.aiCall.create({ data: { ...rest, request: text(request), answer: text(answer), detail: text(detail), costMicro: BigInt(call.costMicro), createdAt: at } });
}

/** What became of a call that was asked. */
export async function endCall(tx: Tx, id: string, end: Pick<AiCall, 'outcome' | 'detail' | 'answer' | 'inputTokens' | 'outputTokens' | 'costMicro' | 'latencyMs'>): Promise<void> {
  await tx.aiCall.update({ where: { id }, data: { ...end, answer: text(end.answer), detail: text(end.detail), costMicro: BigInt(end.costMicro) } });
}

export async function findCall(tx: Tx, id: string): Promise<AiCall | null> {
  const row = await tx.aiCall.findUnique({ where: { id } });
  return row && toCall(row);
}

/** The newest answer to the same input, of one model or of any. */
export async function findAnswer(tx: Tx, inputHash: string, of?: { readonly vendor: string; readonly model: string }): Promise<AiCall | null> {
  const row = await tx.aiCall.findFirst({ where: { inputHash, outcome: 'answered', ...(of ? { vendor: of.vendor, model: of.model } : {}) }, orderBy: { id: 'desc' } });
  return row && toCall(row);
}

export async function listCalls(tx: Tx, query: { readonly purpose?: string | undefined; readonly outcome?: string | undefined; readonly subject?: string | undefined; readonly cursor?: string | undefined; readonly limit: number }): Promise<AiCall[]> {
  const rows = await tx.aiCall.findMany({
    where: { ...(query.purpose ? { purpose: query.purpose } : {}), ...(query.outcome ? { outcome: query.outcome } : {}), ...(query.subject ? { subject: query.subject } : {}), ...(query.cursor ? { id: { lt: query.cursor } } : {}) },
    orderBy: { id: 'desc' }, take: query.limit,
  });
  return rows.map(toCall);
}

/** Spent and reserved since the day began, millionths of a minor unit of the currency. */
export async function spentToday(tx: Tx, now: Instant, currency: string): Promise<number> {
  const { _sum: sums } = await tx.aiCall.aggregate({ where: { createdAt: { gte: startOfUtcDay(now) }, currency }, _sum: { costMicro: true } });
  return Number(sums.costMicro ?? 0n);
}

export interface Tally { readonly key: string; readonly spentMicro: number; readonly asked: number; readonly cached: number; readonly unanswered: number }

const COUNTS = `SUM(costMicro) AS spentMicro, SUM(outcome NOT IN ('cached', 'over-budget')) AS asked, SUM(outcome = 'cached') AS cached, SUM(outcome IN ('invalid', 'refused', 'failed', 'over-budget')) AS unanswered`;

/** Sums by UTC day, newest first, of the last `days` days that had a question. */
export function tallyDays(db: Database, since: Instant): Promise<Tally[]> {
  return db.read<Tally>(`SELECT strftime('%Y-%m-%d', createdAt / 1000, 'unixepoch') AS key, ${COUNTS} FROM AiCall WHERE createdAt >= ? GROUP BY key ORDER BY key DESC`, [since]);
}

export function tallyPurposes(db: Database, since: Instant): Promise<Tally[]> {
  return db.read<Tally>(`SELECT purpose AS key, ${COUNTS} FROM AiCall WHERE createdAt >= ? GROUP BY key ORDER BY key`, [since]);
}

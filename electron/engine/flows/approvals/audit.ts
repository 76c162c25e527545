import { z } from 'zod';
import type { auditHeadFile, auditReport, auditRow } from '#contract/approvals.ts';
import { readHead, verifyAuditLog } from '#runtime/audit-log.ts';
import { DomainError } from '#kernel/errors.ts';
import { toNumber } from '#runtime/database.ts';
import { verifySeals } from '../../ledger/index.ts';
import { MINUTE_MS } from '#kernel/time.ts';
import type { ApprovalsDeps } from './deps.ts';

type AuditHeadFile = z.infer<typeof auditHeadFile>;
type AuditPage = { items: z.infer<typeof auditRow>[]; nextCursor: string | null };

const ANCHOR_JOB = 'audit.anchor';
const ANCHOR_EVERY_MS = 10 * MINUTE_MS;

/** Newest first. Bookings are left out unless it is asked about one: the ledger shows them. */
export async function readAudit({ ctx }: ApprovalsDeps, query: { readonly cursor?: string | undefined; readonly limit: number; readonly subject?: string | undefined }): Promise<AuditPage> {
  const { prisma } = ctx.db;
  const rows = await prisma.auditEntry.findMany({
    where: { ...(query.cursor && /^\d{1,15}$/.test(query.cursor) ? { seq: { lt: Number(query.cursor) } } : {}), ...(query.subject ? { subject: query.subject } : { action: { not: 'ledger.posted' } }) }, orderBy: { seq: 'desc' }, take: query.limit + 1,
  });
  const shown = rows.slice(0, query.limit);
  const people = new Map((await prisma.person.findMany({ where: { id: { in: [...new Set(shown.map((row) => row.actor))] } }, select: { id: true, name: true } })).map((person) => [person.id, person.name]));
  return {
    items: shown.map((row) => ({
      seq: row.seq, at: Number(row.at), actor: row.actor, actorName: people.get(row.actor) ?? null, channel: row.channel, action: row.action, subject: row.subject, data: JSON.parse(row.data) as Record<string, unknown>, hash: row.hash,
    })),
    nextCursor: rows.length > query.limit ? String(shown.at(-1)!.seq) : null,
  };
}

/** Checks the whole chain against what was remembered of it, here and by the person. What is sound is remembered anew; what is broken is not, so that it goes on showing. */
export async function verifyAudit({ ctx, heads }: ApprovalsDeps, exported?: Pick<AuditHeadFile, 'seq' | 'hash'>): Promise<z.infer<typeof auditReport>> {
  const started = performance.now();
  const anchor = await heads.recall();
  const report = await verifyAuditLog(ctx.db, [...(anchor ? [anchor] : []), ...(exported ? [exported] : [])]);
  const books = await verifySeals({ ctx });
  if (report.sound && report.head) await heads.remember(report.head);
  return { ...report, sound: report.sound && books.broken === null, books, anchor, tookMs: Math.round(performance.now() - started) };
}

/** @throws DomainError INVALID when the chain is not sound, or has no row. */
export async function exportAuditHead(deps: ApprovalsDeps): Promise<AuditHeadFile> {
  const { head, broken, rows, books } = await verifyAudit(deps);
  if (broken) throw new DomainError('INVALID', `The audit log is not sound from row ${broken.seq} on: look at it before its head is kept.`, { field: 'audit', reason: broken.problem });
  if (books.broken) throw new DomainError('INVALID', `The ledger is not what was booked (${books.broken.entryId} ${books.broken.problem}): look at it before the log's head is kept.`, { field: 'ledger', reason: books.broken.problem });
  if (!head) throw new DomainError('INVALID', 'The audit log is empty: there is nothing to keep yet.', { field: 'audit', reason: 'empty' });
  const { at } = await deps.ctx.db.prisma.auditEntry.findUniqueOrThrow({ where: { seq: head.seq }, select: { at: true } });
  return { format: 'resale-desk/audit-head-1', count: rows, seq: head.seq, hash: head.hash, at: toNumber(at), exportedAt: deps.ctx.clock.now() };
}

/** Remembers the newest row now and then, unless what is remembered is no longer there: then somebody has to look first. */
async function anchorHead({ ctx, heads }: ApprovalsDeps): Promise<void> {
  const head = await readHead(ctx.db.prisma);
  const known = await heads.recall();
  if (!head || known?.hash === head.hash) return;
  const stands = known === null || (await ctx.db.prisma.auditEntry.findUnique({ where: { seq: known.seq }, select: { hash: true } }))?.hash === known.hash;
  if (stands) await heads.remember(head);
  else ctx.log.error('the audit log is not the one that was remembered: run "resale audit verify"', { remembered: known.seq, head: head.seq });
}

export function registerAudit(deps: ApprovalsDeps): void {
  deps.ctx.jobs.register({ kind: ANCHOR_JOB, payload: z.null(), run: () => anchorHead(deps) });
}

export function scheduleAudit({ ctx }: ApprovalsDeps): Promise<void> {
  return ctx.jobs.schedule(ANCHOR_JOB, { everyMs: ANCHOR_EVERY_MS, jobKind: ANCHOR_JOB, payload: null });
}

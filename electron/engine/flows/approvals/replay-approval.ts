import { z } from 'zod';
import type { replayView } from '#contract/approvals.ts';
import { limitsSchema } from '#contract/settings.ts';
import { moneySchema } from '#contract/shared.ts';
import { DomainError } from '#kernel/errors.ts';
import { formatMoney, money, type Money } from '#kernel/money.ts';
import { replayFees } from '../../opportunities/index.ts';
import { frozenSchema, limitReasons, sha256Of, termsOf, toHome } from '../../purchasing/index.ts';
import type { ApprovalsDeps } from './deps.ts';
import { consentsOf } from './read-inbox.ts';

type ReplayView = z.infer<typeof replayView>;
type Check = ReplayView['checks'][number];

/** What a replay reads of the frozen evidence, beside what carrying out reads. */
const replayable = frozenSchema.extend({
  unitPrice: moneySchema, shipping: moneySchema.nullable(), shippingFreeFrom: moneySchema.optional(), purchaseTaxBp: z.int(), homeTotal: moneySchema, limits: limitsSchema.partial().loose(), limitsVersion: z.int(),
  rate: z.looseObject({ from: z.string(), to: z.string(), numerator: z.int(), denominator: z.int() }),
  terms: z.looseObject({ quantity: z.int(), maxUnit: moneySchema, maxTotal: moneySchema }),
  again: z.unknown().optional(),
  seen: z.looseObject({ opportunity: z.looseObject({ cardVersion: z.string().optional(), salePriceMinor: z.int().optional(), profitMinor: z.int().optional(), currency: z.string().optional(), evaluation: z.looseObject({ lines: z.array(z.looseObject({ code: z.string(), amount: moneySchema })) }).optional() }).optional() }),
});
type Replayable = z.infer<typeof replayable>;

const words = (amount: Money) => formatMoney(amount, 'en');
const check = (code: Check['code'], frozen: string, recomputed: string): Check => ({ code, frozen, recomputed, equal: frozen === recomputed });

const text = (t: { readonly maxUnit: Money; readonly maxTotal: Money }) => `${words(t.maxUnit)} a unit, ${words(t.maxTotal)} in all`;

function termsCheck(e: Replayable): Check[] {
  if (e.again !== undefined) return [];
  const limits = { priceDriftBp: e.limits.priceDriftBp ?? 0 };
  const terms = termsOf({ unitPrice: e.unitPrice, shipping: e.shipping, ...(e.shippingFreeFrom ? { shippingFreeFrom: e.shippingFreeFrom } : {}) }, e.terms.quantity, { limits, business: { purchaseTaxBp: e.purchaseTaxBp } });
  return [check('terms', text(e.terms), text(terms))];
}

/** The lines from sale price to profit, added up: the last line is what they come to. */
function profitCheck({ seen, expected, again }: Replayable): Check[] {
  const lines = seen.opportunity?.evaluation?.lines;
  if (!lines || again !== undefined) return [];
  const sum = lines.filter((line) => line.code !== 'profit').reduce((total, line) => total + line.amount.minor, 0);
  return [check('profit', words(expected.profit), words(money(sum, expected.profit.currency)))];
}

/** The limits that ask nothing of the day: what was approved passes those that held. */
function limitsCheck(e: Replayable): Check[] {
  const limits = limitsSchema.safeParse(e.limits);
  if (!limits.success) return [];
  const none = money(0, e.homeTotal.currency);
  const alone = { ...limits.data, perDay: null, perWeek: null, perMonth: null, perSellerPerDay: null, perCategoryPerMonth: null, perSourcePerMonth: null, cashReserve: none };
  const spending = { today: none, week: none, month: none, sellerToday: none, categoryMonth: none, sourceMonth: none, committed: none, cash: e.homeTotal };
  const reasons = limitReasons(alone, { total: e.homeTotal, profit: e.expected.profit, roiBp: e.roiBp, lossChanceBp: e.lossChanceBp, confidenceBp: e.confidenceBp, daysToSell: e.daysToSell, brand: e.brand, category: e.category }, spending);
  return [check('limits', 'allowed', reasons.length === 0 ? 'allowed' : reasons.map((reason) => reason.code).join(', '))];
}

/**
 * Recomputes an approval from what was frozen with it, and from nothing else: whatever prices, fees and limits are today, it says the same for years.
 * @throws DomainError NOT_FOUND; takes a purchase's id for its present approval.
 */
export async function replayApproval({ ctx }: Pick<ApprovalsDeps, 'ctx'>, id: string): Promise<ReplayView> {
  const { prisma } = ctx.db;
  const purchase = await prisma.purchase.findFirst({ where: { OR: [{ id }, { approvalId: id }] }, select: { id: true, approvalId: true, title: true } });
  const approval = await prisma.approval.findUnique({ where: { id: purchase?.approvalId ?? id } });
  if (!approval) throw new DomainError('NOT_FOUND', 'There is no such approval.', { kind: 'approval', id });
  const sha = sha256Of(approval.evidence);
  const frozen = replayable.safeParse(JSON.parse(approval.evidence));
  const e = frozen.success ? frozen.data : null;
  const checks: Check[] = [check('evidence', approval.evidenceSha256, sha)];
  if (e) {
    checks.push(...termsCheck(e), check('home-total', words(e.homeTotal), words(e.again === undefined ? toHome(e.terms.maxTotal, e.rate) : e.homeTotal)));
    if (e.fees) checks.push(check('fees', words(e.fees.total), words(replayFees(e.fees))));
    checks.push(...profitCheck(e), ...limitsCheck(e));
  }
  const consents = await consentsOf(prisma, [approval.id]);
  return {
    approvalId: approval.id, purchaseId: purchase?.id ?? null, title: purchase?.title ?? approval.opportunityId, approvedAt: Number(approval.approvedAt), expiresAt: Number(approval.expiresAt), evidenceSha256: approval.evidenceSha256,
    equal: e !== null && checks.every((c) => c.equal), consents: consents.get(approval.id) ?? [], checks,
    versions: e ? { opportunity: String(e.opportunityVersion), limits: String(e.limitsVersion), ...(e.fees ? { feeCard: `${e.fees.card.id} ${e.fees.card.version}` } : {}), ...(e.seen.opportunity?.cardVersion ? { evaluatedWith: e.seen.opportunity.cardVersion } : {}) } : {},
  };
}

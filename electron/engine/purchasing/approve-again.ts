import { money, scaleMinor, type Money, type Rate } from '#kernel/money.ts';
import { HOUR_MS } from '#kernel/time.ts';
import type { Tx } from '#runtime/ports.ts';
import { homeRate, KILL_SWITCH, readSetting } from '../settings/index.ts';
import { requirePerson } from '../team/index.ts';
import { advance, loadVersion } from './advance-purchase.ts';
import { canonicalJson, sha256Of } from '#runtime/canonical-json.ts';
import { checkLimits, readRules, type Rules } from './check-limits.ts';
import { auditRefusal, needsSecond, recordConsent, startBuying } from './consent.ts';
import type { PurchasingDeps } from './deps.ts';
import { limitedAgain, wrongState } from './errors.ts';
import { FIRST_OF_TWO, FIRST_STATE } from './machine.ts';
import { frozenOf, type Approval, type Frozen, type Purchase } from './purchase.ts';
import { insertApproval, revokeApproval } from './repo.ts';
import { rateText, stoppedTermsSchema, toHome } from './terms.ts';

interface NewTerms {
  readonly quantity: number;
  readonly maxUnit: Money;
  readonly maxTotal: Money;
}

/** The figures that it stopped on, exactly; the earlier ones where it stopped for another reason. */
function newTerms(purchase: Purchase): NewTerms {
  const stopped = stoppedTermsSchema.safeParse(purchase.stopReason?.data['terms']);
  if (!stopped.success || stopped.data.quantity === 0) return { quantity: purchase.approval.quantity, maxUnit: purchase.approval.maxUnit, maxTotal: purchase.approval.maxTotal };
  return { quantity: stopped.data.quantity, maxUnit: stopped.data.unit, maxTotal: stopped.data.total };
}

const perUnit = (total: Money, units: number) => Math.ceil(total.minor / units);

/** What is left of the expected profit when a unit costs more than it did: the rise is the buyer's. */
function afterRise(frozen: Frozen, costs: { readonly before: Money; readonly unitsBefore: number; readonly after: Money; readonly unitsAfter: number; readonly fees: Frozen['fees'] }): { profit: Money; roiBp: number; rise: number } {
  const rise = Math.max(0, perUnit(costs.after, costs.unitsAfter) - perUnit(costs.before, costs.unitsBefore));
  const feeRise = frozen.fees && costs.fees ? Math.max(0, costs.fees.total.minor - frozen.fees.total.minor) : 0;
  const profit = money(frozen.expected.profit.minor - rise - feeRise, frozen.expected.profit.currency);
  const unitCost = frozen.expected.unitCost.minor + rise;
  return { profit, roiBp: rise + feeRise === 0 ? frozen.roiBp : scaleMinor(profit.minor, 10_000, Math.max(1, unitCost), 'down'), rise };
}

async function consent(deps: PurchasingDeps, purchase: Purchase, given: { readonly terms: NewTerms; readonly homeTotal: Money; readonly rate: Rate; readonly rules: Rules; readonly approvedBy: string; readonly expected: Frozen['expected']; readonly roiBp: number; readonly fees: Frozen['fees'] }): Promise<Approval> {
  const { clock, ids } = deps.ctx;
  const at = clock.now();
  const before = JSON.parse(purchase.approval.evidence) as Record<string, unknown>;
  const evidence = canonicalJson({
    ...before, expected: given.expected, roiBp: given.roiBp, fees: given.fees, terms: given.terms, homeTotal: given.homeTotal, rate: { ...given.rate, text: rateText(given.rate) }, limits: given.rules.limits, limitsVersion: given.rules.limitsVersion,
    again: { reason: purchase.stopReason, earlierApproval: purchase.approval.id, earlierSha256: purchase.approval.evidenceSha256 },
  });
  return {
    id: ids.next('approval'), opportunityId: purchase.opportunityId, ...given.terms, evidence, evidenceSha256: sha256Of(evidence), approvedBy: given.approvedBy, approvedAt: at,
    expiresAt: at + given.rules.limits.approvalHours * HOUR_MS, revokedAt: null,
  };
}

export interface ApproveAgainInput {
  readonly id: string;
  readonly version: number;
  /** A person of the team. */
  readonly approvedBy: string;
  readonly channel?: string | undefined;
}

/**
 * A person agrees to the terms that a purchase stopped on: a new approval, and the purchase starts over.
 * @throws DomainError NOT_FOUND, WRONG_STATE; INVALID with `field: 'limits'` when a limit or the kill switch does not allow it.
 */
export async function approveAgain(deps: PurchasingDeps, input: ApproveAgainInput): Promise<Purchase> {
  return auditRefusal(deps, input, () => agreeAgain(deps, input));
}

function agreeAgain(deps: PurchasingDeps, input: ApproveAgainInput): Promise<Purchase> {
  return deps.ctx.db.transaction(async (tx) => {
    await requirePerson(tx, input.approvedBy);
    const purchase = await loadVersion(tx, input.id, input.version);
    if (purchase.state !== 'stopped') throw wrongState(purchase.state);
    if ((await readSetting(tx, KILL_SWITCH)).value.on) throw limitedAgain([{ code: 'purchase.kill-switch', data: {} }]);
    const terms = newTerms(purchase);
    const { homeTotal, rate, expected, roiBp, rules, fees } = await recheck(deps, tx, purchase, terms);
    const approval = await consent(deps, purchase, { terms, homeTotal, rate, rules, approvedBy: input.approvedBy, expected, roiBp, fees });
    const to = needsSecond(rules.limits, homeTotal) ? FIRST_OF_TWO : FIRST_STATE;
    await insertApproval(tx, approval);
    await revokeApproval(tx, purchase.approval.id, approval.approvedAt);
    const next = await advance(deps, tx, purchase, {
      to, change: { approvalId: approval.id, quantity: terms.quantity, homeTotal, rate, session: null }, data: { approvalId: approval.id, by: input.approvedBy, maxTotal: terms.maxTotal },
    });
    await recordConsent(deps, tx, { purchase: next, by: input, action: 'approval.given-again' });
    if (to === FIRST_STATE) await startBuying(deps, tx, purchase.id, approval.id);
    return next;
  });
}

async function recheck(deps: PurchasingDeps, tx: Tx, purchase: Purchase, terms: NewTerms) {
  const rules = await readRules(tx);
  const frozen = frozenOf(purchase.approval);
  if (terms.maxTotal.currency !== purchase.currency) throw limitedAgain([{ code: 'stop.currency-changed', data: { from: purchase.currency, to: terms.maxTotal.currency } }]);
  // a new yes is to what it costs by today's rate: the limits are in the home currency
  const known = homeRate(rules.business, purchase.currency);
  if (!known) throw limitedAgain([{ code: 'purchase.no-rate', data: { from: purchase.currency, to: rules.business.homeCurrency } }]);
  const { rate } = known;
  const homeTotal = toHome(terms.maxTotal, rate);
  const fees = frozen.fees && (deps.gate.feesNow(frozen.fees) ?? frozen.fees);
  const { profit, roiBp, rise } = afterRise(frozen, {
    fees,
    before: toHome(purchase.approval.maxTotal, purchase.rate), unitsBefore: purchase.approval.quantity * purchase.unitsPerOffer, after: homeTotal, unitsAfter: terms.quantity * purchase.unitsPerOffer,
  });
  const reasons = await checkLimits(deps, tx, {
    total: homeTotal, profit, roiBp, lossChanceBp: frozen.lossChanceBp, confidenceBp: frozen.confidenceBp, daysToSell: frozen.daysToSell, brand: frozen.brand, category: frozen.category,
    sourceId: purchase.sourceId, sellerName: purchase.sellerName, except: purchase.id,
  }, rules);
  if (reasons.length > 0) throw limitedAgain(reasons);
  const expected = { ...frozen.expected, profit, unitCost: money(frozen.expected.unitCost.minor + rise, frozen.expected.unitCost.currency) };
  return { homeTotal, rate, expected, roiBp, rules, fees };
}

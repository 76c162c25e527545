import type { Reason } from '#contract/shared.ts';
import { money, type Money, type Rate } from '#kernel/money.ts';
import { HOUR_MS } from '#kernel/time.ts';
import type { Tx } from '#runtime/ports.ts';
import { homeRate, KILL_SWITCH, readSetting } from '../settings/index.ts';
import { requirePerson } from '../team/index.ts';
import { atAgreedPrice, withoutDrift, type AgreedPrice } from './at-agreed-price.ts';
import { record } from './advance-purchase.ts';
import { canonicalJson, sha256Of } from '#runtime/canonical-json.ts';
import { checkLimits, readRules, type Rules } from './check-limits.ts';
import { auditRefusal, DESKTOP, joinConsent, needsSecond, recordConsent, startBuying } from './consent.ts';
import type { PurchasingDeps } from './deps.ts';
import { killSwitchOn, limitReached } from './errors.ts';
import { FIRST_OF_TWO, FIRST_STATE, type PurchaseState } from './machine.ts';
import type { ApprovalCandidate } from './opportunity-gate.ts';
import { frozenOf, type Approval, type Purchase } from './purchase.ts';
import { findStanding, insertApproval, insertPurchase } from './repo.ts';
import { rateText, termsOf, toHome, type Terms } from './terms.ts';

export interface ApprovalPreview {
  /** Offers (packs). */
  readonly quantity: number;
  /** As shown, in the offer's currency. */
  readonly total: Money;
  /** The most that it may cost before it asks again. */
  readonly maxTotal: Money;
  /** The person orders at the shop: the program has no checkout there. */
  readonly byHand: boolean;
  readonly allowed: boolean;
  /** Another person has to agree as well. */
  readonly needsSecond: boolean;
  readonly blockedBy: readonly Reason[];
}

interface Weighed {
  readonly terms: Terms;
  readonly rate: Rate | null;
  /** The most that may be spent, home currency. */
  readonly homeTotal: Money;
  readonly byHand: boolean;
  readonly reasons: Reason[];
}

/** What the checkout cannot do without. */
function addressReasons({ business }: Rules): Reason[] {
  const missing = (['firstName', 'lastName', 'line1', 'city', 'postcode', 'email'] as const).filter((field) => business.address[field].trim() === '');
  return missing.length === 0 ? [] : [{ code: 'purchase.address-missing', data: { fields: missing } }];
}

async function weigh(deps: PurchasingDeps, tx: Tx, candidate: ApprovalCandidate, asked: { readonly quantity: number; readonly rules: Rules }): Promise<Weighed> {
  const { quantity, rules } = asked;
  const terms = termsOf(candidate, quantity, rules);
  const known = homeRate(rules.business, candidate.unitPrice.currency);
  const byHand = candidate.agreed !== undefined || !deps.checkouts.supports(candidate.connector);
  const reasons: Reason[] = byHand ? [] : addressReasons(rules);
  if (!known) return { terms, rate: null, homeTotal: money(0, rules.business.homeCurrency), byHand, reasons: [...reasons, { code: 'purchase.no-rate', data: { from: candidate.unitPrice.currency, to: rules.business.homeCurrency } }] };
  const homeTotal = toHome(terms.maxTotal, known.rate);
  const limited = await checkLimits(deps, tx, {
    total: homeTotal, profit: candidate.expected.profit, roiBp: candidate.roiBp, lossChanceBp: candidate.lossChanceBp, confidenceBp: candidate.confidenceBp, daysToSell: candidate.daysToSell,
    brand: candidate.brand, category: candidate.category, sourceId: candidate.sourceId, sellerName: candidate.sellerName,
  }, rules);
  return { terms, rate: known.rate, homeTotal, byHand, reasons: [...reasons, ...limited] };
}

/** What approving would do just now, without doing it. */
export async function previewApproval(deps: PurchasingDeps, tx: Tx, candidate: ApprovalCandidate, quantity = candidate.quantity): Promise<ApprovalPreview> {
  const rules = await readRules(tx);
  const { terms, byHand, reasons, homeTotal } = await weigh(deps, tx, candidate, { quantity, rules });
  const blockedBy = (await readSetting(tx, KILL_SWITCH)).value.on ? [{ code: 'purchase.kill-switch', data: {} }, ...reasons] : reasons;
  return { quantity, total: terms.total, maxTotal: terms.maxTotal, byHand, allowed: blockedBy.length === 0, needsSecond: needsSecond(rules.limits, homeTotal), blockedBy };
}

export interface ApproveInput {
  readonly id: string;
  /** The version that the person saw. */
  readonly version: number;
  /** Offers (packs); as recommended unless told. */
  readonly quantity?: number | undefined;
  /** A person of the team. */
  readonly approvedBy: string;
  /** Where they said it; the desktop unless told. */
  readonly channel?: string | undefined;
  /** Bought at a price that was talked down to, in place of the one asked. */
  readonly agreed?: AgreedPrice | undefined;
}

/**
 * One click: freezes what the person saw and starts the purchase, all in one transaction. Asked again for the same version, on whatever channel, it answers
 * with the same purchase; where that waits for a second person and this is another one, it is their consent. Above the amount that needs two it waits.
 * @throws DomainError NOT_FOUND, STALE, NOT_OPEN, LIMIT, KILL_SWITCH.
 */
export async function approveOpportunity(deps: PurchasingDeps, input: ApproveInput): Promise<{ purchaseId: string; approvalId: string }> {
  return auditRefusal(deps, input, () => approveOnce(deps, input));
}

function approveOnce(deps: PurchasingDeps, input: ApproveInput): Promise<{ purchaseId: string; approvalId: string }> {
  return deps.ctx.db.transaction(async (tx) => {
    await requirePerson(tx, input.approvedBy);
    const standing = await findStanding(tx, input.id);
    const isSame = standing !== null && (input.agreed ? frozenOf(standing.approval).agreed?.negotiationId === input.agreed.negotiationId : frozenOf(standing.approval).opportunityVersion === input.version);
    if (standing && isSame) {
      if (standing.state === FIRST_OF_TWO) await joinConsent(deps, tx, standing, input);
      return { purchaseId: standing.id, approvalId: standing.approval.id };
    }
    if ((await readSetting(tx, KILL_SWITCH)).value.on) throw killSwitchOn();
    const asked = await deps.gate.loadForApproval(tx, input.id, input.version);
    const settled = await readRules(tx);
    const rules = input.agreed ? withoutDrift(settled) : settled;
    const candidate = input.agreed ? atAgreedPrice(asked, input.agreed, homeRate(settled.business, asked.unitPrice.currency)?.rate ?? null) : asked;
    const weighed = await weigh(deps, tx, candidate, { quantity: input.quantity ?? candidate.quantity, rules });
    if (weighed.reasons.length > 0 || !weighed.rate) throw limitReached(weighed.reasons);
    const approval = freeze(deps, { candidate, weighed, rules, approvedBy: input.approvedBy });
    const purchase = draft(deps, { candidate, approval, rate: weighed.rate, homeTotal: weighed.homeTotal, state: needsSecond(rules.limits, weighed.homeTotal) ? FIRST_OF_TWO : FIRST_STATE });
    await insertApproval(tx, approval);
    await insertPurchase(tx, purchase, candidate.category);
    await recordConsent(deps, tx, { purchase, by: input, action: 'approval.given' });
    await record(deps, tx, purchase.id, { kind: purchase.state, data: { approvalId: approval.id, by: approval.approvedBy, channel: input.channel ?? DESKTOP, maxTotal: approval.maxTotal } });
    await deps.gate.markApproved(tx, candidate.opportunityId);
    if (purchase.state === FIRST_STATE) await startBuying(deps, tx, purchase.id, approval.id);
    await deps.ctx.outbox.add(tx, 'purchase.approved', purchase.id, { opportunityId: purchase.opportunityId });
    return { purchaseId: purchase.id, approvalId: approval.id };
  });
}

function freeze(deps: PurchasingDeps, given: { candidate: ApprovalCandidate; weighed: Weighed; rules: Rules; approvedBy: string }): Approval {
  const { candidate, weighed, rules, approvedBy } = given;
  const { clock, ids } = deps.ctx;
  const { evidence: seen, version, ...facts } = candidate;
  const evidence = canonicalJson({
    ...facts, opportunityVersion: version, seen, orderedBy: weighed.byHand ? 'hand' : 'checkout', terms: weighed.terms, homeTotal: weighed.homeTotal, rate: weighed.rate && { ...weighed.rate, text: rateText(weighed.rate) },
    limits: rules.limits, limitsVersion: rules.limitsVersion, purchaseTaxBp: rules.business.purchaseTaxBp,
  });
  const at = clock.now();
  return {
    id: ids.next('approval'), opportunityId: candidate.opportunityId, quantity: weighed.terms.quantity, maxUnit: weighed.terms.maxUnit, maxTotal: weighed.terms.maxTotal, evidence, evidenceSha256: sha256Of(evidence),
    approvedBy, approvedAt: at, expiresAt: at + rules.limits.approvalHours * HOUR_MS, revokedAt: null,
  };
}

function draft(deps: PurchasingDeps, given: { candidate: ApprovalCandidate; approval: Approval; rate: Rate; homeTotal: Money; state: PurchaseState }): Purchase {
  const { candidate, approval, rate, homeTotal, state } = given;
  const id = deps.ctx.ids.next('purchase');
  return {
    id, approval, opportunityId: candidate.opportunityId, offerId: candidate.offerId, productId: candidate.productId, sourceId: candidate.sourceId, connector: candidate.connector,
    sellerName: candidate.sellerName, title: candidate.title, state, stopReason: null, quantity: approval.quantity, unitsPerOffer: candidate.unitsPerOffer,
    currency: approval.maxTotal.currency, total: null, homeTotal, rate, idempotencyKey: id, session: null, externalId: null, receipt: null, createdAt: approval.approvedAt,
    confirmedAt: null, receivedAt: null, expectedBy: null, returnUntil: null, returnFrom: null, version: 1,
  };
}

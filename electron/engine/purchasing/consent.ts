import type { Limits } from '#contract/settings.ts';
import { DomainError } from '#kernel/errors.ts';
import type { Money } from '#kernel/money.ts';
import type { Tx } from '#runtime/ports.ts';
import { KILL_SWITCH, readSetting } from '../settings/index.ts';
import { requirePerson } from '../team/index.ts';
import { advance, loadVersion } from './advance-purchase.ts';
import { checkLimits, readRules } from './check-limits.ts';
import type { PurchasingDeps } from './deps.ts';
import { killSwitchOn, limitReached, samePerson, wrongState } from './errors.ts';
import { FIRST_OF_TWO, FIRST_STATE } from './machine.ts';
import { frozenOf, type Purchase } from './purchase.ts';
import { findWaiting } from './repo.ts';
import { approvalExpiry } from './terms.ts';

/** The kind of workflow that carries an approved purchase out. */
export const BUY_WORKFLOW = 'buy';
export const DESKTOP = 'desktop';

/** Who agrees, and where. */
export interface Consenting {
  readonly approvedBy: string;
  readonly channel?: string | undefined;
}

/** One workflow for each consent: an approval given again starts another. */
export async function startBuying(deps: PurchasingDeps, tx: Tx, purchaseId: string, approvalId: string): Promise<void> {
  await deps.ctx.workflows.start(tx, BUY_WORKFLOW, `${BUY_WORKFLOW}:${approvalId}`, { purchaseId, approvalId });
}

export function needsSecond(limits: Limits, homeTotal: Money): boolean {
  return limits.twoPersonAbove !== null && homeTotal.minor > limits.twoPersonAbove.minor;
}

/** Who agreed to what: with the purchase, and in the audit log. A person is written down once for each approval. */
export async function recordConsent(deps: PurchasingDeps, tx: Tx, { purchase, by, action }: { readonly purchase: Purchase; readonly by: Consenting; readonly action: string }): Promise<void> {
  const { approval } = purchase;
  const channel = by.channel ?? DESKTOP;
  await tx.consent.create({ data: { approvalId: approval.id, personId: by.approvedBy, channel, at: deps.ctx.clock.now() } });
  await deps.ctx.audit.append(tx, {
    actor: by.approvedBy, channel, action, subject: purchase.id,
    data: { approvalId: approval.id, opportunityId: purchase.opportunityId, quantity: approval.quantity, maxTotal: approval.maxTotal, homeTotal: purchase.homeTotal, evidenceSha256: approval.evidenceSha256 },
  });
}

/** The second of two persons. The first one's repeat changes nothing, on whatever channel it comes. */
export async function joinConsent(deps: PurchasingDeps, tx: Tx, purchase: Purchase, by: Consenting): Promise<Purchase> {
  if (await tx.consent.findUnique({ where: { approvalId_personId: { approvalId: purchase.approval.id, personId: by.approvedBy } } })) return purchase;
  if ((await readSetting(tx, KILL_SWITCH)).value.on) throw killSwitchOn();
  const expired = approvalExpiry(purchase.approval, deps.ctx.clock.now());
  if (expired) return advance(deps, tx, purchase, { to: 'stopped', change: { stopReason: expired } });
  const rules = await readRules(tx);
  const frozen = frozenOf(purchase.approval);
  const reasons = await checkLimits(deps, tx, {
    total: purchase.homeTotal, profit: frozen.expected.profit, roiBp: frozen.roiBp, lossChanceBp: frozen.lossChanceBp, confidenceBp: frozen.confidenceBp, daysToSell: frozen.daysToSell, brand: frozen.brand,
    category: frozen.category, sourceId: purchase.sourceId, sellerName: purchase.sellerName, except: purchase.id,
  }, rules);
  if (reasons.length > 0) throw limitReached(reasons);
  await recordConsent(deps, tx, { purchase, by, action: 'approval.second-given' });
  const next = await advance(deps, tx, purchase, { to: FIRST_STATE, data: { approvalId: purchase.approval.id, by: by.approvedBy, channel: by.channel ?? DESKTOP, second: true } });
  await startBuying(deps, tx, purchase.id, purchase.approval.id);
  return next;
}

/**
 * Another person agrees to what one agreed to already.
 * @throws DomainError NOT_FOUND, WRONG_STATE, SAME_PERSON, LIMIT, KILL_SWITCH.
 */
export async function agreeAsSecond(deps: PurchasingDeps, input: Consenting & { readonly id: string; readonly version: number }): Promise<Purchase> {
  return auditRefusal(deps, input, () => deps.ctx.db.transaction(async (tx) => {
    await requirePerson(tx, input.approvedBy);
    const purchase = await loadVersion(tx, input.id, input.version);
    if (purchase.state !== FIRST_OF_TWO) throw wrongState(purchase.state);
    const next = await joinConsent(deps, tx, purchase, input);
    if (next.state === FIRST_OF_TWO) throw samePerson();
    return next;
  }));
}

/** What nobody joined in time asks anew. */
export async function expireWaiting(deps: PurchasingDeps): Promise<number> {
  return deps.ctx.db.transaction(async (tx) => {
    const late = await findWaiting(tx, deps.ctx.clock.now());
    for (const purchase of late) await advance(deps, tx, purchase, { to: 'stopped', change: { stopReason: approvalExpiry(purchase.approval, deps.ctx.clock.now()) } });
    return late.length;
  });
}

const REFUSALS = ['LIMIT', 'KILL_SWITCH', 'SAME_PERSON'];

/** An approval that a rule refused is part of the record as well; the refusal rolled everything else back. */
export async function auditRefusal<T>(deps: PurchasingDeps, input: Consenting & { readonly id: string }, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    const limited = error instanceof DomainError && (REFUSALS.includes(error.code) || (error.code === 'INVALID' && error.data['field'] === 'limits'));
    if (limited) {
      const record = { actor: input.approvedBy, channel: input.channel ?? DESKTOP, action: 'approval.blocked', subject: input.id, data: { code: error.code, reasons: error.data['reasons'] ?? [] } };
      await deps.ctx.db.transaction((tx) => deps.ctx.audit.append(tx, record));
    }
    throw error;
  }
}

import type { Reason } from '#contract/shared.ts';
import type { Instant } from '#kernel/time.ts';
import type { SupportPolicy } from '../policy.ts';
import { arriveBy, factsOf, returnUntil, shipBy, type Fact, type OrderFacts } from './facts.ts';
import { GREETING, PROMISES, SIGNATURE, TEMPLATES, type PromiseKind, type ReplyKind } from './templates.ts';
import type { ReplyLanguage } from './write-values.ts';

export interface ReplyQuestion {
  readonly intent: string;
  readonly damaged: boolean;
  readonly language: ReplyLanguage;
  readonly order: OrderFacts | null;
  /** Others of the customer that could as well be meant. */
  readonly otherOrders: number;
  readonly policy: SupportPolicy;
  readonly now: Instant;
  readonly senderName: string;
}

export interface DecidedReply {
  readonly kind: ReplyKind;
  /** Without greeting and signature. */
  readonly body: string;
  readonly text: string;
  readonly promises: readonly PromiseKind[];
  readonly facts: readonly Fact[];
}

/** What a policy says, or why a person has to. */
export type ReplyDecision = { readonly reply: DecidedReply } | { readonly person: Reason };

const person = (code: string, data: Reason['data'] = {}): ReplyDecision => ({ person: { code: `support.${code}`, data } });

function kindOf({ intent, damaged, policy, now }: ReplyQuestion, order: OrderFacts): ReplyKind | ReplyDecision {
  if (order.state === 'refunded') return 'was-refunded';
  if (order.state === 'cancelled') return 'was-cancelled';
  if (damaged) {
    if (!policy.damagedRefund) return person('no-damage-rule');
    if (order.shippedAt === null) return person('damaged-unsent');
    if (now > returnUntil(order, policy)) return person('return-late', { until: returnUntil(order, policy) });
    if (order.total.currency !== policy.refundLimit.currency || order.total.minor > policy.refundLimit.minor) return person('above-refund-limit', { total: order.total, limit: policy.refundLimit });
    return 'damaged-return';
  }
  if (intent === 'payment') return 'payment-received';
  if (intent === 'return') {
    if (order.shippedAt === null) return person('return-unsent');
    if (now > returnUntil(order, policy)) return person('return-late', { until: returnUntil(order, policy) });
    return policy.returnPostage === 'buyer' ? 'return-buyer-pays' : 'return-seller-pays';
  }
  if (order.shippedAt === null) return now > shipBy(order, policy) ? person('dispatch-late', { due: shipBy(order, policy) }) : 'not-sent-yet';
  if (order.tracking === null) return person('no-tracking');
  return now > arriveBy(order, policy)! ? person('parcel-late', { due: arriveBy(order, policy) }) : 'on-its-way';
}

export function letter(body: string, language: ReplyLanguage, senderName: string): string {
  return `${GREETING[language]}\n\n${body}\n\n${SIGNATURE[language]}${senderName === '' ? '' : `\n${senderName}`}`;
}

/** From facts and policy alone: the same question has the same answer. Total. */
export function decideReply(question: ReplyQuestion): ReplyDecision {
  const { intent, order, language, policy } = question;
  if (intent === 'complaint' && !question.damaged) return person('complaint');
  if (!['shipping', 'return', 'payment', 'complaint'].includes(intent)) return person(intent === 'question' ? 'question' : 'other');
  if (!order) return person('no-order');
  if (question.otherOrders > 0) return person('several-orders', { count: question.otherOrders + 1 });
  const kind = kindOf(question, order);
  if (typeof kind !== 'string') return kind;
  const facts = factsOf(order, policy, language);
  const body = TEMPLATES[language][kind].replaceAll(/\{([a-z-]+)\}/g, (_, key: string) => {
    const fact = facts.find((one) => one.key === key);
    if (!fact) throw new Error(`the reply ${kind} names ${key}, which is not known of this order`);
    return fact.value;
  });
  return { reply: { kind, body, text: letter(body, language, question.senderName), promises: PROMISES[kind], facts } };
}

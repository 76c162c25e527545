import { payments } from './payments.ts';
import type { Scenario } from './scenario.ts';
import { talk } from './talk.ts';
import { trade } from './trade.ts';

/** By the name that a child is told. */
export const SCENARIOS: Readonly<Record<string, Scenario>> = {
  trade, stripe: payments('stripe'), paypal: payments('paypal'), chargily: payments('chargily'), paynow: payments('paynow'), ecocash: payments('ecocash'), sms: talk('sms'), email: talk('email'), ebay: talk('ebay'),
};

import { DomainError } from '#kernel/errors.ts';
import { DAY_MS, MINUTE_MS, utcDay, type Clock } from '#kernel/time.ts';
import type { MessageChannel } from '#engine/negotiation/ports.ts';
import { incomingSms } from './webhook.ts';
import type { Twilio, TwilioMessage } from './twilio-client.ts';

/** The vendor lists what it took within this time. Assumption. */
const LISTED_MS = MINUTE_MS;
const FIRST_LOOK_MS = DAY_MS;

const instantOf = (message: TwilioMessage, fallback: number): number => {
  const at = Date.parse(message.date_sent ?? message.date_created ?? '');
  return Number.isNaN(at) ? fallback : at;
};

/** SMS by Twilio: incoming ones are polled, so that no public address is needed. */
export function createSmsChannel({ twilio, clock }: { readonly twilio: Twilio; readonly clock: Clock }): MessageChannel {
  return {
    id: 'sms',
    address(text) {
      const number = text.replace(/[\s().-]/g, '').replace(/^00/, '+');
      if (!/^\+[1-9]\d{6,14}$/.test(number)) throw new DomainError('INVALID', 'A phone number with its country, such as +213 555 12 34 56.', { field: 'recipient', reason: 'phone' });
      return number;
    },
    async send(message, { signal }) {
      const sent = await twilio.send({ to: message.recipient, body: message.text }, signal);
      return { externalId: sent.sid, at: clock.now() };
    },
    async find(message, { attemptedAt, known = [], signal }) {
      const listed = await twilio.list({ to: message.recipient, from: await twilio.number(), since: utcDay(attemptedAt - DAY_MS) }, signal);
      // the vendor's dates are whole seconds
      const found = listed.find((one) => one.body === message.text && !known.includes(one.sid) && one.direction !== 'inbound' && Date.parse(one.date_created ?? '') >= attemptedAt - MINUTE_MS);
      if (found) return { found: { externalId: found.sid, at: instantOf(found, attemptedAt) } };
      return clock.now() - attemptedAt > LISTED_MS ? 'absent' : 'unknown';
    },
    async receive(cursor, _senders, signal) {
      const since = cursor ?? utcDay(clock.now() - FIRST_LOOK_MS);
      const listed = await twilio.list({ to: await twilio.number(), since }, signal);
      const messages = listed.filter((one) => one.direction === 'inbound' && one.from !== null).map((one) => ({ externalId: one.sid, sender: one.from!, subject: null, text: one.body ?? '', at: instantOf(one, clock.now()), tag: null, answers: [], automatic: false })).sort((a, b) => a.at - b.at);
      // a day back, for what the vendor lists late: ids tell what is known
      const newest = messages.at(-1);
      const next = newest ? utcDay(newest.at - DAY_MS) : since;
      return { messages, cursor: next > since ? next : since };
    },
    async readWebhook({ url, raw, headers }) {
      const parameters = Object.fromEntries(new URLSearchParams(Buffer.from(raw).toString('utf8')));
      if (!(await twilio.isOwn(headers['x-twilio-signature'] ?? '', { url, parameters }))) return 'refused';
      return incomingSms(parameters, clock.now());
    },
  };
}

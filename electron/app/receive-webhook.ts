import { implement } from '@orpc/server';
import { webhooksContract } from '#contract/webhooks.ts';
import { receiveMailEvents } from '#engine/flows/index.ts';
import { receiveSmsNotice } from '#engine/negotiation/index.ts';
import { receiveNotice } from '#engine/payments/index.ts';
import { WebhookRefused } from '#engine/payments/ports.ts';
import type { AppParts } from './parts.ts';

const TWILIO = 'twilio';
const SENDGRID = 'sendgrid';

/** Hands each notice to whoever can tell whether it is the vendor's own. */
export function createWebhookProcedures({ payments, negotiation, support }: Pick<AppParts, 'payments' | 'negotiation' | 'support'>) {
  return implement(webhooksContract).router({
    receive: implement(webhooksContract.receive).handler(async ({ input: { name, url, headers, raw } }) => {
      const bytes = Buffer.from(raw, 'base64');
      if (name === TWILIO) return { outcome: await receiveSmsNotice(negotiation, { url, headers, raw: bytes }) };
      if (name === SENDGRID) return { outcome: await receiveMailEvents({ negotiation, support }, { headers, raw: bytes }) };
      if (!payments.providers().some((provider) => provider.id === name && provider.readWebhook)) return { outcome: 'unknown' as const };
      try {
        const outcome = await receiveNotice(payments, name, { raw: bytes, headers });
        return { outcome: outcome === 'asked' ? ('taken' as const) : outcome };
      } catch (error) {
        if (error instanceof WebhookRefused) return { outcome: 'refused' as const };
        throw error;
      }
    }),
  });
}

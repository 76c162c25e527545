import { oc } from '@orpc/contract';
import { z } from 'zod';

/** The longest notice that is read: SendGrid sends 768 KiB of events at once. */
export const WEBHOOK_BYTES = 1_048_576;

/** Notices of vendors, handed over by a host that has a public address. Whether one is the vendor's own is for the engine to find out. */
export const webhooksContract = {
  receive: oc.route({ method: 'POST', path: '/webhooks/{name}' })
    .input(z.strictObject({
      name: z.string().max(60),
      /** The full address as the vendor called it: some sign it. */
      url: z.string().max(4_000),
      headers: z.record(z.string().max(100), z.string().max(8_000)),
      /** The bytes as they came, base64: signatures are over these. */
      raw: z.base64().max(Math.ceil(WEBHOOK_BYTES / 3) * 4),
    }))
    /** `foreign`: the vendor's, and about nothing of this desk. `later`: the vendor may bring it again, it came before what it is about. `refused`: not the vendor's. `unknown`: nothing that sends notices is connected by that name. */
    .output(z.strictObject({ outcome: z.enum(['taken', 'known', 'foreign', 'refused', 'unknown', 'later']) })),
};

import { createCorrespondence, practiceContacts, type Correspondence } from '../negotiation/correspondence.ts';
import type { World } from '../world/types.ts';
import { createEbayMessageVendor } from './ebay-message/index.ts';
import type { VendorOptions, VendorServer } from './host.ts';
import { createImapVendor, createPostOffice, PRACTICE_MAILBOX, type PostOffice } from './imap/index.ts';
import { createSendGridVendor, PRACTICE_SENDER, PRACTICE_SENDGRID_KEY } from './sendgrid/index.ts';
import { createTwilioVendor, PRACTICE_TWILIO } from './twilio/index.ts';

export const PRACTICE_MESSAGES = { email: { address: PRACTICE_SENDER, apiKey: PRACTICE_SENDGRID_KEY, ...PRACTICE_MAILBOX }, twilio: PRACTICE_TWILIO, sellers: practiceContacts('{ad}') } as const;

/** The mail server beside the vendors that speak HTTP. Of a fault plan it knows the cuts: as many fetches end in the middle. */
function imapServer(post: PostOffice, options: VendorOptions): VendorServer {
  const imap = createImapVendor(post, options.port === undefined ? {} : { port: options.port });
  const setFaults: VendorServer['setFaults'] = (plan) => imap.cutFetches(plan.rate > 0 && (plan.kinds ?? ['cut-after']).some((kind) => kind.startsWith('cut')) ? (plan.limit ?? 1) : 0);
  if (options.faults) setFaults(options.faults);
  return {
    name: 'imap', log: [], bugs: [], setFaults, start: () => imap.start(), close: () => imap.close(),
    get baseUrl() {
      return imap.url;
    },
    counts() {
      const byRoute = imap.counts();
      return { total: Object.values(byRoute).reduce((a, b) => a + b, 0), byRoute, byStatus: {}, byFault: {} };
    },
  };
}

/** Mail, SMS and eBay messages, with the same sellers behind all of them. */
export function messagingVendors(world: World): [string, (world: World, options: VendorOptions) => VendorServer][] {
  const correspondence: Correspondence = createCorrespondence(world);
  const post = createPostOffice(world, correspondence);
  return [
    ['sendgrid', (w, options) => createSendGridVendor(w, post, options)], ['imap', (_, options) => imapServer(post, options)],
    ['twilio', (w, options) => createTwilioVendor(w, correspondence, options)], ['ebay-message', (w, options) => createEbayMessageVendor(w, correspondence, options)],
  ];
}

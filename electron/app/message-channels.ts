import { createEbayMessageChannel, createEbayMessages, type EbayMessages } from '#connectors/messaging/ebay-message/index.ts';
import { createEmailChannel } from '#connectors/messaging/email.ts';
import { createMailbox, type Mailbox } from '#connectors/messaging/imap/index.ts';
import { createSendGrid, type SendGrid } from '#connectors/messaging/sendgrid/index.ts';
import { createSmsChannel, createTwilio, type Twilio } from '#connectors/messaging/twilio/index.ts';
import type { ChannelDirectory, MessageChannel, SendingChannelId } from '#engine/negotiation/ports.ts';
import type { ConnectionPort } from '#engine/settings/ports.ts';
import { ConnectorError } from '#kernel/errors.ts';
import { utcDay } from '#kernel/time.ts';
import type { AppOptions } from './options.ts';

/** Fields of each account, all in the keychain. eBay's messages go by the account that sells there. */
const ACCOUNTS = {
  email: {
    name: 'Email (SendGrid out, IMAP in)', baseUrl: 'https://api.sendgrid.com',
    fields: [
      { name: 'address', label: 'Your address, verified at SendGrid', secret: false }, { name: 'apiKey', label: 'SendGrid API key: may send mail, and read suppressions to hear of what did not arrive', secret: true }, { name: 'server', label: 'Mail server of that address, imaps://host:993', secret: false },
      { name: 'user', label: 'User name there', secret: false }, { name: 'password', label: 'Password there', secret: true },
      { name: 'eventKey', label: 'SendGrid verification key of its signed event webhook, for a headless host', secret: false, optional: true },
    ],
  },
  twilio: {
    name: 'SMS (Twilio)', baseUrl: 'https://api.twilio.com',
    fields: [{ name: 'accountSid', label: 'Account SID', secret: false }, { name: 'authToken', label: 'Auth token', secret: true }, { name: 'number', label: 'Your number, +15550100001', secret: false }],
  },
} as const satisfies Record<string, Omit<ConnectionPort, 'id' | 'check'>>;
const EBAY_FIELDS = ['clientId', 'clientSecret', 'refreshToken'] as const;
type Account = keyof typeof ACCOUNTS | 'ebay';

/** In the practice market the sellers of the classifieds answer on every channel; a real seller's address is for the person to know. */
export function practiceContacts({ practice }: AppOptions, terms: { readonly sourceKind: string; readonly offerExternalId: string }): Partial<Record<SendingChannelId, string>> {
  const sellers = practice?.keys.messages?.sellers;
  if (!sellers || terms.sourceKind !== 'ouedkniss') return {};
  const of = (address: string) => address.replace('{ad}', () => terms.offerExternalId);
  return { email: of(sellers.email), sms: of(sellers.sms), ebay: of(sellers.ebay) };
}

const NOWHERE = 'http://127.0.0.1:1';

/** Ways to write to sellers, by the accounts in the keychain; in the practice market those that it brings. Call `refresh` at the start and after a change of a connection. */
export class MessageChannels implements ChannelDirectory {
  readonly #options: AppOptions;
  readonly #sendgrid: SendGrid;
  readonly #mailbox: Mailbox;
  readonly #twilio: Twilio;
  readonly #messages: EbayMessages;
  readonly #channels: Readonly<Record<SendingChannelId, MessageChannel>>;
  readonly #connected = new Set<Account>();

  constructor(options: AppOptions) {
    this.#options = options;
    const { clock, random, log } = options;
    const base = { clock, random, log };
    const email = () => this.#require('email');
    this.#sendgrid = createSendGrid({ ...base, baseUrl: this.#url('sendgrid', ACCOUNTS.email.baseUrl), credentials: async () => ({ apiKey: (await email())['apiKey']! }) });
    this.#mailbox = createMailbox({ clock, credentials: async () => { const account = await email(); return { server: account['server']!, user: account['user']!, password: account['password']! }; } });
    this.#twilio = createTwilio({ ...base, baseUrl: this.#url('twilio', ACCOUNTS.twilio.baseUrl), credentials: async () => { const account = await this.#require('twilio'); return { accountSid: account['accountSid']!, authToken: account['authToken']!, number: account['number']! }; } });
    this.#messages = createEbayMessages({ ...base, baseUrl: this.#url('ebay-message', 'https://api.ebay.com'), credentials: async () => { const account = await this.#require('ebay'); return { clientId: account['clientId']!, clientSecret: account['clientSecret']!, refreshToken: account['refreshToken']! }; } });
    this.#channels = {
      email: createEmailChannel({ clock, sendgrid: this.#sendgrid, mailbox: this.#mailbox, address: async () => (await email())['address']!.trim().toLowerCase(), eventKey: async () => (await email())['eventKey'] ?? null }),
      sms: createSmsChannel({ twilio: this.#twilio, clock }), ebay: createEbayMessageChannel({ messages: this.#messages, clock }),
    };
  }

  get(id: SendingChannelId): MessageChannel | null {
    return this.#connected.has(id === 'sms' ? 'twilio' : id) ? this.#channels[id] : null;
  }

  /** A practice desk never writes by a real vendor, whatever is missing. */
  #url(vendor: string, live: string): string {
    const { practice } = this.#options;
    return practice ? (practice.baseUrls[vendor] ?? NOWHERE) : live;
  }

  async #values(id: Account): Promise<Readonly<Record<string, string>> | null> {
    const { practice, secrets } = this.#options;
    if (practice) {
      const keys = practice.keys.messages;
      if (id === 'ebay') return practice.baseUrls['ebay-message'] ? practice.keys.ebay : null;
      const mail = practice.baseUrls['imap'];
      if (id === 'email') return keys && mail ? { ...keys.email, server: mail } : null;
      return keys && practice.baseUrls['twilio'] ? keys.twilio : null;
    }
    const found: Record<string, string> = {};
    for (const field of id === 'ebay' ? EBAY_FIELDS.map((name) => ({ name })) : ACCOUNTS[id].fields) {
      const value = await secrets.get(`${id}/${field.name}`);
      if (value !== null) found[field.name] = value;
      else if (!('optional' in field)) return null;
    }
    return found;
  }

  async #require(id: Account): Promise<Readonly<Record<string, string>>> {
    const values = await this.#values(id);
    if (!values) throw new ConnectorError({ kind: 'SessionLost', connector: id, operation: 'sign in', message: 'the account is not complete: enter its keys in the settings' });
    return values;
  }

  async refresh(): Promise<void> {
    for (const id of ['email', 'twilio', 'ebay'] as const) {
      if (await this.#values(id)) this.#connected.add(id);
      else this.#connected.delete(id);
    }
    this.#messages.forgetSession();
  }

  ports(): ConnectionPort[] {
    const checks = {
      email: async () => {
        await this.#sendgrid.check();
        await this.#mailbox.check();
      },
      twilio: async () => void (await this.#twilio.list({ to: await this.#twilio.number(), since: utcDay(this.#options.clock.now()) })),
    };
    return (['email', 'twilio'] as const).map((id) => ({
      id, ...ACCOUNTS[id],
      check: async () => {
        await this.refresh();
        await checks[id]();
      },
    }));
  }

  async close(): Promise<void> {
    await Promise.all([this.#sendgrid.close(), this.#twilio.close(), this.#messages.close()]);
  }
}

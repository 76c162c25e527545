import { createChargily, createEcocash, createPaynow, createPaypal, createStripe } from '#connectors/payments/index.ts';
import type { PaymentProvider } from '#engine/payments/ports.ts';
import type { ConnectionPort } from '#engine/settings/ports.ts';
import { ConnectorError } from '#kernel/errors.ts';
import type { AppOptions } from './options.ts';

const RETURN_URL = { name: 'returnUrl', label: 'Page that a customer sees after paying, such as your shop', secret: false } as const;

/** Fields of each provider's account, all in the keychain. */
const ACCOUNTS = {
  stripe: { name: 'Stripe', baseUrl: 'https://api.stripe.com', fields: [{ name: 'secretKey', label: 'Secret key (sk_…)', secret: true }, RETURN_URL, { name: 'webhookSecret', label: 'Webhook signing secret (whsec_…), for a headless host', secret: true, optional: true }] },
  paypal: {
    name: 'PayPal', baseUrl: 'https://api-m.paypal.com',
    fields: [{ name: 'clientId', label: 'Client id', secret: false }, { name: 'clientSecret', label: 'Client secret', secret: true }, RETURN_URL, { name: 'webhookId', label: 'Webhook id, for a headless host', secret: false, optional: true }],
  },
  chargily: { name: 'Chargily Pay (EDAHABIA, CIB)', baseUrl: 'https://pay.chargily.net/api/v2', fields: [{ name: 'secretKey', label: 'Secret key', secret: true }, RETURN_URL] },
  paynow: {
    name: 'Paynow', baseUrl: 'https://www.paynow.co.zw',
    fields: [{ name: 'integrationId', label: 'Integration id', secret: false }, { name: 'integrationKey', label: 'Integration key', secret: true }, { name: 'currency', label: 'Currency of the integration (USD, ZWG)', secret: false }, { name: 'merchantEmail', label: 'Your address at Paynow', secret: false }, RETURN_URL],
  },
  ecocash: { name: 'EcoCash', baseUrl: 'https://developers.ecocash.co.zw/api/ecocash_pay', fields: [{ name: 'apiKey', label: 'API key', secret: true }, { name: 'merchantName', label: 'Name that customers know you by', secret: false }] },
} as const satisfies Record<string, Omit<ConnectionPort, 'id' | 'check'>>;
type Account = keyof typeof ACCOUNTS;
const IDS = Object.keys(ACCOUNTS) as Account[];

/** Payment providers by the accounts in the keychain; in the practice market those that it brings. Call `refresh` at the start and after a change of a connection. */
export class PaymentProviders {
  readonly #options: AppOptions;
  readonly #all: Readonly<Record<Account, PaymentProvider & { close(): Promise<void> }>>;
  readonly #connected = new Set<Account>();

  constructor(options: AppOptions) {
    this.#options = options;
    const { clock, random, log } = options;
    const of = (id: Account) => ({ clock, random, log, baseUrl: this.#baseUrl(id) });
    // what a practice market would be told is on this machine alone
    const hook = (id: Account) => (options.publicUrl && !options.practice ? `${options.publicUrl}/hooks/${id}` : undefined);
    const values = async (id: Account) => (await this.#values(id)) ?? this.#missing(id);
    this.#all = {
      stripe: createStripe({ ...of('stripe'), credentials: async () => asStripe(await values('stripe')) }),
      paypal: createPaypal({ ...of('paypal'), credentials: async () => asPaypal(await values('paypal')) }),
      chargily: createChargily({ ...of('chargily'), noticeUrl: hook('chargily'), credentials: async () => asChargily(await values('chargily')) }),
      paynow: createPaynow({ ...of('paynow'), noticeUrl: hook('paynow'), credentials: async () => asPaynow(await values('paynow')) }),
      ecocash: createEcocash({ ...of('ecocash'), mode: 'live', credentials: async () => asEcocash(await values('ecocash')) }),
    };
  }

  #missing(id: Account): never {
    throw new ConnectorError({ kind: 'SessionLost', connector: id, operation: 'sign in', message: 'the account is not complete: enter its keys in the settings' });
  }

  /** A practice desk never calls a real provider, whatever is missing. */
  #baseUrl(id: Account): string {
    const { practice } = this.#options;
    return practice ? (practice.baseUrls[id] ?? 'http://127.0.0.1:1') : ACCOUNTS[id].baseUrl;
  }

  async #values(id: Account): Promise<Readonly<Record<string, string>> | null> {
    const { practice, secrets } = this.#options;
    if (practice) return practice.baseUrls[id] ? (practice.keys.payments?.[id] ?? null) : null;
    const found: Record<string, string> = {};
    for (const field of ACCOUNTS[id].fields) {
      const value = await secrets.get(`${id}/${field.name}`);
      if (value !== null) found[field.name] = value;
      else if (!('optional' in field)) return null;
    }
    return found;
  }

  async refresh(): Promise<void> {
    for (const id of IDS) {
      if (await this.#values(id)) this.#connected.add(id);
      else this.#connected.delete(id);
    }
  }

  connected(): PaymentProvider[] {
    return IDS.filter((id) => this.#connected.has(id)).map((id) => this.#all[id]);
  }

  ports(): ConnectionPort[] {
    return IDS.map((id) => ({
      id, ...ACCOUNTS[id],
      check: async () => {
        await this.refresh();
        await this.#all[id].check();
      },
    }));
  }

  async close(): Promise<void> {
    await Promise.all(IDS.map((id) => this.#all[id].close()));
  }
}

type Values = Readonly<Record<string, string>>;
const asStripe = (v: Values) => ({ secretKey: v['secretKey']!, returnUrl: v['returnUrl']!, webhookSecret: v['webhookSecret'] });
const asPaypal = (v: Values) => ({ clientId: v['clientId']!, clientSecret: v['clientSecret']!, returnUrl: v['returnUrl']!, webhookId: v['webhookId'] });
const asChargily = (v: Values) => ({ secretKey: v['secretKey']!, returnUrl: v['returnUrl']! });
const asPaynow = (v: Values) => ({ integrationId: v['integrationId']!, integrationKey: v['integrationKey']!, currency: v['currency']!, merchantEmail: v['merchantEmail']!, returnUrl: v['returnUrl']! });
const asEcocash = (v: Values) => ({ apiKey: v['apiKey']!, merchantName: v['merchantName']! });

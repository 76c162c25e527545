import { createAmazonSpApi, type AmazonSpApi } from '#connectors/data/amazon-sp-api/index.ts';
import { createEbayBrowse, type EbayBrowse } from '#connectors/data/ebay-browse/index.ts';
import { createKeepa } from '#connectors/data/keepa/index.ts';
import { createReverb, type Reverb } from '#connectors/data/reverb/index.ts';
import { createEbay, createEbayApplication, type Ebay, type EbayApplication } from '#connectors/marketplaces/ebay/index.ts';
import { rememberRestrictions } from '#engine/catalog/index.ts';
import type { RestrictionPort } from '#engine/catalog/ports.ts';
import { ConnectorError } from '#kernel/errors.ts';
import type { AskedMarket } from '#engine/opportunities/index.ts';
import type { ConnectionPort } from '#engine/settings/ports.ts';
import type { AppOptions } from './options.ts';

type Keepa = ReturnType<typeof createKeepa>;

/** Fields of each vendor account; every one is kept in the keychain, also those that are no secret, so that an account is in one place. */
const ACCOUNTS = {
  keepa: { name: 'Keepa', baseUrl: 'https://api.keepa.com', fields: [{ name: 'key', label: 'Access key', secret: true }] },
  'amazon-sp-api': {
    name: 'Amazon Selling Partner API', baseUrl: 'https://sellingpartnerapi-na.amazon.com',
    fields: [
      { name: 'clientId', label: 'LWA client id', secret: false }, { name: 'clientSecret', label: 'LWA client secret', secret: true },
      { name: 'refreshToken', label: 'Refresh token', secret: true }, { name: 'sellerId', label: 'Merchant token', secret: false },
    ],
  },
  ebay: {
    name: 'eBay', baseUrl: 'https://api.ebay.com',
    fields: [{ name: 'clientId', label: 'App id (client id)', secret: false }, { name: 'clientSecret', label: 'Cert id (client secret)', secret: true }, { name: 'refreshToken', label: 'Refresh token', secret: true }],
  },
  reverb: { name: 'Reverb', baseUrl: 'https://api.reverb.com', fields: [{ name: 'token', label: 'Personal access token', secret: true }] },
} as const;
export type Account = keyof typeof ACCOUNTS;

/** The simulated market makes histories as they are asked for: a quarter of a year shows level, trend and spread at a quarter of the work. */
const PRACTICE_HISTORY_DAYS = 90;

/** Where nothing answers. */
const NOWHERE = 'http://127.0.0.1:1';

/**
 * The vendors' connectors. Each reads its account when it signs in, so that keys may come and go while the program runs; one without a complete account
 * refuses every call with `SessionLost`. Call `refresh` at the start and after every change of a connection.
 */
export class Connectors {
  readonly keepa: Keepa;
  readonly ebay: Ebay;
  /** What is asked on eBay, by the same application's keys. */
  readonly ebayBrowse: EbayBrowse;
  /** What eBay answers to the application: categories and limits. */
  readonly ebayApplication: EbayApplication;
  readonly reverb: Reverb;
  /** Null without an account: the merchant token is part of every request. */
  amazon: AmazonSpApi | null = null;
  /** Amazon's answers on what this account may list, remembered for a while. */
  restrictions: RestrictionPort | null = null;
  readonly #options: AppOptions;
  readonly #connected = new Set<Account>();

  constructor(options: AppOptions) {
    this.#options = options;
    const { clock, random, log } = options;
    const base = { clock, random, log };
    this.keepa = createKeepa({ ...base, ...(options.practice ? { historyDays: PRACTICE_HISTORY_DAYS } : {}), baseUrl: this.#practiceUrl('keepa') ?? ACCOUNTS.keepa.baseUrl, credentials: async () => ({ key: (await this.#require('keepa'))['key']! }) });
    this.ebay = createEbay({
      ...base, baseUrl: this.#practiceUrl('ebay'), financesUrl: this.#practiceUrl('ebay'),
      credentials: async () => {
        const account = await this.#require('ebay');
        return { clientId: account['clientId']!, clientSecret: account['clientSecret']!, refreshToken: account['refreshToken']! };
      },
    });
    this.ebayBrowse = createEbayBrowse({
      ...base, baseUrl: this.#practiceUrl('ebay'),
      credentials: async () => {
        const account = await this.#require('ebay');
        return { clientId: account['clientId']!, clientSecret: account['clientSecret']! };
      },
    });
    this.ebayApplication = createEbayApplication({
      ...base, baseUrl: this.#practiceUrl('ebay'),
      credentials: async () => {
        const account = await this.#require('ebay');
        return { clientId: account['clientId']!, clientSecret: account['clientSecret']! };
      },
    });
    this.reverb = createReverb({ ...base, baseUrl: this.#practiceUrl('reverb'), credentials: async () => ({ token: (await this.#require('reverb'))['token']! }) });
  }

  /** Markets that are connected and can be asked what is asked there. The practice market has none: its vendors answer no such question. */
  askedMarkets(): AskedMarket[] {
    if (this.#options.practice) return [];
    return [
      ...(this.isConnected('ebay') ? [{ port: this.ebayBrowse, categories: null }] : []),
      ...(this.isConnected('reverb') ? [{ port: this.reverb, categories: /music/i }] : []),
    ];
  }

  isConnected(account: Account): boolean {
    return this.#connected.has(account);
  }

  /** A practice desk never calls a real vendor, whatever is missing. */
  #practiceUrl(vendor: string): string | undefined {
    const { practice } = this.#options;
    return practice ? (practice.baseUrls[vendor] ?? NOWHERE) : undefined;
  }

  async #account(account: Account): Promise<Record<string, string> | null> {
    const { practice, secrets } = this.#options;
    if (practice && account === 'reverb') return null;
    if (practice) return { ...(account === 'amazon-sp-api' ? practice.keys.amazon : practice.keys[account as 'keepa' | 'ebay']) };
    const values: Record<string, string> = {};
    for (const field of ACCOUNTS[account].fields) {
      const value = await secrets.get(`${account}/${field.name}`);
      if (value === null) return null;
      values[field.name] = value;
    }
    return values;
  }

  async #require(account: Account): Promise<Record<string, string>> {
    const values = await this.#account(account);
    if (!values) throw new ConnectorError({ kind: 'SessionLost', connector: account, operation: 'sign in', message: 'the account is not complete: enter its keys in the settings' });
    return values;
  }

  async refresh(): Promise<void> {
    for (const account of Object.keys(ACCOUNTS) as Account[]) {
      if (await this.#account(account)) this.#connected.add(account);
      else this.#connected.delete(account);
    }
    this.ebay.forgetSession();
    this.ebayBrowse.forgetSession();
    this.ebayApplication.forgetSession();
    await this.amazon?.close();
    this.amazon = null;
    this.restrictions = null;
    if (!this.isConnected('amazon-sp-api')) return;
    const { sellerId } = await this.#require('amazon-sp-api');
    const { clock, random, log } = this.#options;
    this.amazon = createAmazonSpApi({
      clock, random, log, sellerId: sellerId!, baseUrl: this.#practiceUrl('amazon'), loginUrl: this.#practiceUrl('amazon'),
      credentials: async () => {
        const account = await this.#require('amazon-sp-api');
        return { clientId: account['clientId']!, clientSecret: account['clientSecret']!, refreshToken: account['refreshToken']! };
      },
    });
    this.restrictions = rememberRestrictions(this.amazon, clock);
  }

  /** What the settings page offers. The check is one harmless call. */
  ports(): ConnectionPort[] {
    const checks: Record<Account, () => Promise<unknown>> = {
      keepa: () => this.keepa.quota(),
      'amazon-sp-api': async () => (await this.#require('amazon-sp-api'), this.amazon?.currentPrices(['B000000000'])),
      ebay: () => this.ebay.policies(),
      reverb: () => this.reverb.askingPrices({ words: 'guitar', most: 1 }),
    };
    return (Object.keys(ACCOUNTS) as Account[]).filter((id) => !(this.#options.practice && id === 'reverb')).map((id) => ({
      id, ...ACCOUNTS[id],
      check: async () => {
        await this.refresh();
        await checks[id]();
      },
    }));
  }

  async close(): Promise<void> {
    await Promise.all([this.keepa.close(), this.ebay.close(), this.ebayBrowse.close(), this.ebayApplication.close(), this.reverb.close(), this.amazon?.close()]);
    this.amazon = null;
  }
}

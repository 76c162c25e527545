import { createAmazonSpApi, SpClient, type AmazonSpApi } from '#connectors/data/amazon-sp-api/index.ts';
import { createEbayBrowse, type EbayBrowse } from '#connectors/data/ebay-browse/index.ts';
import { createEbayInsights, type EbayInsights } from '#connectors/data/ebay-insights/index.ts';
import { buybackMarket, createBookScouter, isBookCode, type BookScouter } from '#connectors/data/bookscouter/index.ts';
import { createKeepa } from '#connectors/data/keepa/index.ts';
import { createReverb, type Reverb } from '#connectors/data/reverb/index.ts';
import { cardMarket, createDailyPrices, createTcgplayer, type DailyFileStore, type DailyPrices, type Tcgplayer } from '#connectors/data/tcgplayer/index.ts';
import { createAmazonSeller, type AmazonSeller } from '#connectors/marketplaces/amazon/index.ts';
import { createEtsy, type Etsy } from '#connectors/marketplaces/etsy/index.ts';
import { drawPracticePicture, fetchPicture } from '#connectors/images/index.ts';
import { createEbay, createEbayApplication, type Ebay, type EbayApplication } from '#connectors/marketplaces/ebay/index.ts';
import { rememberRestrictions } from '#engine/catalog/index.ts';
import type { RestrictionPort, SoldCountPort } from '#engine/catalog/ports.ts';
import { ConnectorError } from '#kernel/errors.ts';
import type { AskedMarket } from '#engine/opportunities/index.ts';
import { shaOfAddress, type OwnPicturesPort } from '#engine/listings/index.ts';
import type { ConnectionPort } from '#engine/settings/ports.ts';
import { ACCOUNTS, type Account } from './accounts.ts';
import { isComplete, isOwnShop, OwnShops, practiceShop } from './own-shops.ts';
import type { AppOptions } from './options.ts';

export type { Account } from './accounts.ts';

type Keepa = ReturnType<typeof createKeepa>;

/** Vendors that the practice market serves only where its world has something for them. */
const PRACTISED_AT_TIMES: ReadonlySet<Account> = new Set(['reverb', 'bookscouter', 'tcgplayer', 'tcgcsv', 'woocommerce', 'etsy', 'shopify']);

/** The simulated market makes histories as they are asked for: a quarter of a year shows level, trend and spread at a quarter of the work. */
const PRACTICE_HISTORY_DAYS = 90;

/** Titles that may name a trading card: others would only cost a search. */
const CARDS = /\b(?:pok[eé]mon|magic: ?the gathering|mtg|yu-?gi-?oh!?|lorcana|one piece card|digimon card|flesh and blood|trading card)/i;

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
  /** What was sold on eBay, where eBay has approved the application for that. */
  readonly ebayInsights: EbayInsights;
  /** What eBay answers to the application: categories and limits. */
  readonly ebayApplication: EbayApplication;
  readonly reverb: Reverb;
  readonly bookscouter: BookScouter;
  readonly tcgplayer: Tcgplayer;
  /** Selling channels that are the user's own shops. */
  readonly shops: OwnShops;
  /** Set as soon as there is a database to keep its files in. */
  #dailyPrices: DailyPrices | null = null;
  readonly etsy: Etsy;
  /** What is sold on Amazon, by the same account as what is asked there. */
  readonly amazonSeller: AmazonSeller;
  /** One client for both: an account has one token, and one count of calls. */
  readonly #amazonClient: SpClient;
  /** Null without an account: the merchant token is part of every request. */
  amazon: AmazonSpApi | null = null;
  /** Amazon's answers on what this account may list, remembered for a while. */
  restrictions: RestrictionPort | null = null;
  readonly #options: AppOptions;
  readonly #connected = new Set<Account>();
  #pictures: OwnPicturesPort | null = null;

  constructor(options: AppOptions) {
    this.#options = options;
    const { clock, random, log } = options;
    const base = { clock, random, log };
    this.shops = new OwnShops(base, (name) => this.#require(name));
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
    this.ebayInsights = createEbayInsights({
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
    this.etsy = createEtsy({
      ...base, baseUrl: this.#practiceUrl('etsy'), fetchPicture: (url, signal) => this.#pictureAt(url, signal),
      keepRefreshToken: async (token) => {
        if (!options.practice) await options.secrets.set('etsy/refreshToken', token);
      },
      credentials: async () => {
        const account = await this.#require('etsy');
        return { keystring: account['keystring']!, sharedSecret: account['sharedSecret']!, refreshToken: account['refreshToken']! };
      },
    });
    this.#amazonClient = new SpClient({
      ...base, baseUrl: this.#practiceUrl('amazon'), loginUrl: this.#practiceUrl('amazon'),
      credentials: async () => {
        const account = await this.#require('amazon-sp-api');
        return { clientId: account['clientId']!, clientSecret: account['clientSecret']!, refreshToken: account['refreshToken']! };
      },
    });
    this.amazonSeller = createAmazonSeller({ client: this.#amazonClient, sellerId: async () => (await this.#require('amazon-sp-api'))['sellerId']! });
    this.reverb = createReverb({ ...base, baseUrl: this.#practiceUrl('reverb'), credentials: async () => ({ token: (await this.#require('reverb'))['token']! }) });
    this.bookscouter = createBookScouter({ ...base, baseUrl: this.#practiceUrl('bookscouter') });
    this.tcgplayer = createTcgplayer({
      ...base, baseUrl: this.#practiceUrl('tcgplayer'),
      credentials: async () => {
        const account = await this.#require('tcgplayer');
        return { publicKey: account['publicKey']!, privateKey: account['privateKey']! };
      },
    });
  }

  /** Pictures of ours can be sent from here on. */
  showPictures(pictures: OwnPicturesPort): void {
    this.#pictures = pictures;
  }

  async #pictureAt(url: string, signal?: AbortSignal) {
    const sha256 = shaOfAddress(url);
    if (sha256 !== null) return this.#pictures ? { bytes: await this.#pictures.read(sha256), type: 'image/jpeg' } : null;
    return this.#options.practice ? drawPracticePicture() : fetchPicture(url, signal);
  }

  /** Public daily files can be read from here on. */
  keepDailyFiles(store: DailyFileStore, userAgent: string): void {
    const { clock, random, log } = this.#options;
    this.#dailyPrices = createDailyPrices({ clock, random, log, store, userAgent, baseUrl: this.#practiceUrl('tcgcsv') });
  }

  /** Markets that are connected and can be asked what is asked, paid or usual there. */
  askedMarkets(): AskedMarket[] {
    const { clock } = this.#options;
    const daily = this.isConnected('tcgcsv') ? this.#dailyPrices : null;
    return [
      ...(this.isConnected('ebay') ? [{ port: this.ebayBrowse, categories: null }] : []),
      ...(this.isConnected('reverb') ? [{ port: this.reverb, categories: /music/i }] : []),
      ...(this.isConnected('bookscouter') ? [{ port: buybackMarket(this.bookscouter, () => clock.now()), kind: 'buyback', takes: 'codes', categories: null, accepts: ({ gtin }) => gtin !== null && isBookCode(gtin) } satisfies AskedMarket] : []),
      // Which card a title names is told by the daily files; the interface alone cannot.
      ...(daily ? [{ port: cardMarket({ daily, live: () => (this.isConnected('tcgplayer') ? this.tcgplayer : null) }), kind: 'reference', takes: 'words', categories: null, accepts: ({ title }) => CARDS.test(title) } satisfies AskedMarket] : []),
    ];
  }

  /** Markets that are connected and say what was sold there. */
  soldCounts(): SoldCountPort[] {
    return this.isConnected('ebay') ? [this.ebayInsights] : [];
  }

  /** Asks the vendors that tell an account's own limits, and works by them from here on. */
  async learnLimits(signal?: AbortSignal): Promise<void> {
    if (!this.isConnected('ebay')) return;
    const asked = await Promise.allSettled([this.ebayApplication.rateLimits(signal), this.ebay.userRateLimits(signal)]);
    const told = asked.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
    for (const client of [this.ebay, this.ebayBrowse, this.ebayApplication]) client.applyLimits(told);
    const failed = asked.find((answer) => answer.status === 'rejected');
    if (failed) throw failed.reason;
  }

  /** Whether it is sold on there: some practice runs only ask an account. */
  isSoldOn(account: Account): boolean {
    return this.isConnected(account) && !this.#options.practice?.askedOnly?.includes(account);
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
    if (practice && isOwnShop(account)) return practiceShop(practice, account);
    if (practice && account === 'etsy') return practice.baseUrls['etsy'] === undefined ? null : { ...practice.keys.etsy };
    if (practice && PRACTISED_AT_TIMES.has(account)) return practice.baseUrls[account] === undefined ? null : { token: practice.keys.reverb?.token ?? '', consent: 'yes' };
    if (practice) return { ...(account === 'amazon-sp-api' ? practice.keys.amazon : practice.keys[account as 'keepa' | 'ebay']) };
    const values: Record<string, string> = {};
    for (const field of ACCOUNTS[account].fields) {
      const value = await secrets.get(`${account}/${field.name}`);
      if (value !== null) values[field.name] = value;
      else if (!('optional' in field)) return null;
    }
    return isComplete(account, values) ? values : null;
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
    this.ebayInsights.forgetSession();
    this.ebayApplication.forgetSession();
    this.tcgplayer.forgetSession();
    this.etsy.forgetSession();
    await this.shops.forget();
    this.#amazonClient.forgetSession();
    this.amazon = null;
    this.restrictions = null;
    if (!this.isConnected('amazon-sp-api')) return;
    const { sellerId } = await this.#require('amazon-sp-api');
    this.amazon = createAmazonSpApi({ client: this.#amazonClient, sellerId: sellerId! });
    this.restrictions = rememberRestrictions(this.amazon, this.#options.clock);
  }

  /** What the settings page offers. The check is one harmless call. */
  ports(): ConnectionPort[] {
    const checks: Record<Account, () => Promise<unknown>> = {
      keepa: () => this.keepa.quota(),
      'amazon-sp-api': async () => (await this.#require('amazon-sp-api'), this.amazon?.currentPrices(['B000000000'])),
      ebay: () => this.ebay.policies(),
      etsy: () => this.etsy.policies(),
      ...this.shops.checks(),
      bookscouter: () => this.bookscouter.buyback('9780140449136'),
      tcgplayer: () => this.tcgplayer.referencePrices(['1']),
      tcgcsv: async () => this.#dailyPrices?.rows('/tcgplayer/categories'),
      reverb: () => this.reverb.askingPrices({ words: 'guitar', most: 1 }),
    };
    return (Object.keys(ACCOUNTS) as Account[]).filter((id) => !this.#options.practice || !PRACTISED_AT_TIMES.has(id) || this.#options.practice.baseUrls[id] !== undefined).map((id) => ({
      id, ...ACCOUNTS[id],
      check: async () => {
        await this.refresh();
        await checks[id]();
        if (id === 'ebay') await this.learnLimits().catch(() => undefined);
      },
    }));
  }

  async close(): Promise<void> {
    await Promise.all([this.keepa.close(), this.ebay.close(), this.ebayBrowse.close(), this.ebayInsights.close(), this.ebayApplication.close(), this.reverb.close(), this.bookscouter.close(), this.tcgplayer.close(), this.shops.close(), this.etsy.close(), this.#dailyPrices?.close(), this.#amazonClient.close()]);
    this.amazon = null;
  }
}

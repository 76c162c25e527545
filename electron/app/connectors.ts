import { createAmazonSpApi, type AmazonSpApi } from '#connectors/data/amazon-sp-api/index.ts';
import { createKeepa } from '#connectors/data/keepa/index.ts';
import { createEbay, type Ebay } from '#connectors/marketplaces/ebay/index.ts';
import { ConnectorError } from '#kernel/errors.ts';
import type { ConnectionId, ConnectionPort } from '#engine/settings/ports.ts';
import type { AppOptions } from './options.ts';

type Keepa = ReturnType<typeof createKeepa>;

/** Fields of each vendor account; every one is kept in the keychain, also those that are no secret, so that an account is in one place. */
const FIELDS = {
  keepa: [{ name: 'key', label: 'Access key', secret: true }],
  'amazon-sp-api': [
    { name: 'clientId', label: 'LWA client id', secret: false }, { name: 'clientSecret', label: 'LWA client secret', secret: true },
    { name: 'refreshToken', label: 'Refresh token', secret: true }, { name: 'sellerId', label: 'Merchant token', secret: false },
  ],
  ebay: [{ name: 'clientId', label: 'App id (client id)', secret: false }, { name: 'clientSecret', label: 'Cert id (client secret)', secret: true }, { name: 'refreshToken', label: 'Refresh token', secret: true }],
} as const;
type Account = keyof typeof FIELDS;

const NAMES: Record<Account, { name: string; baseUrl: string }> = {
  keepa: { name: 'Keepa', baseUrl: 'https://api.keepa.com' },
  'amazon-sp-api': { name: 'Amazon Selling Partner API', baseUrl: 'https://sellingpartnerapi-na.amazon.com' },
  ebay: { name: 'eBay', baseUrl: 'https://api.ebay.com' },
};

/** What opens the practice vendors: given by whoever starts the practice market, never stored. */
export interface PracticeKeys {
  readonly keepa: { readonly key: string };
  readonly amazon: { readonly clientId: string; readonly clientSecret: string; readonly refreshToken: string; readonly sellerId: string };
  readonly ebay: { readonly clientId: string; readonly clientSecret: string; readonly refreshToken: string };
}

/** The vendors that are connected just now; null where an account is not complete. Read afresh after every change of a connection. */
export class Connectors {
  keepa: Keepa | null = null;
  amazon: AmazonSpApi | null = null;
  ebay: Ebay | null = null;
  readonly #options: AppOptions;
  readonly #keys: PracticeKeys | null;

  constructor(options: AppOptions, keys: PracticeKeys | null) {
    this.#options = options;
    this.#keys = keys;
  }

  async #account(account: Account): Promise<Record<string, string> | null> {
    if (this.#keys) {
      const own = account === 'amazon-sp-api' ? this.#keys.amazon : this.#keys[account];
      return { ...own };
    }
    const values: Record<string, string> = {};
    for (const field of FIELDS[account]) {
      const value = await this.#options.secrets.get(`${account}/${field.name}`);
      if (value === null) return null;
      values[field.name] = value;
    }
    return values;
  }

  /** Makes the connectors that have an account, and closes those that lost theirs. */
  async refresh(): Promise<void> {
    const { clock, random, log, practice } = this.#options;
    const base = { clock, random, log };
    const url = (vendor: string) => (practice ? { baseUrl: practice.baseUrls[vendor] ?? 'http://127.0.0.1:1' } : {});
    const [keepa, amazon, ebay] = [await this.#account('keepa'), await this.#account('amazon-sp-api'), await this.#account('ebay')];
    await this.close();
    if (keepa) this.keepa = createKeepa({ ...base, baseUrl: NAMES.keepa.baseUrl, ...url('keepa'), credentials: async () => ({ key: keepa['key']! }) });
    if (amazon) {
      const login = practice ? { loginUrl: practice.baseUrls['amazon'] ?? 'http://127.0.0.1:1' } : {};
      this.amazon = createAmazonSpApi({
        ...base, ...url('amazon'), ...login, sellerId: amazon['sellerId']!,
        credentials: async () => ({ clientId: amazon['clientId']!, clientSecret: amazon['clientSecret']!, refreshToken: amazon['refreshToken']! }),
      });
    }
    if (ebay) {
      const finances = practice ? { financesUrl: practice.baseUrls['ebay'] ?? 'http://127.0.0.1:1' } : {};
      this.ebay = createEbay({ ...base, ...url('ebay'), ...finances, credentials: async () => ({ clientId: ebay['clientId']!, clientSecret: ebay['clientSecret']!, refreshToken: ebay['refreshToken']! }) });
    }
  }

  /** What the settings page offers. The check is one harmless call. */
  ports(): ConnectionPort[] {
    const connected = <T>(connector: T | null, id: ConnectionId): T => {
      if (!connector) throw new ConnectorError({ kind: 'SessionLost', connector: id, operation: 'check', message: 'the account is not complete' });
      return connector;
    };
    const checks: Record<Account, () => Promise<unknown>> = {
      keepa: () => connected(this.keepa, 'keepa').quota(),
      'amazon-sp-api': () => connected(this.amazon, 'amazon-sp-api').currentPrices(['B000000000']),
      ebay: () => connected(this.ebay, 'ebay').policies(),
    };
    return (Object.keys(FIELDS) as Account[]).map((id) => ({
      id, ...NAMES[id], fields: FIELDS[id],
      check: async () => {
        await this.refresh();
        await checks[id]();
      },
    }));
  }

  async close(): Promise<void> {
    const open = [this.keepa, this.amazon, this.ebay];
    this.keepa = this.amazon = this.ebay = null;
    for (const connector of open) await connector?.close();
  }
}

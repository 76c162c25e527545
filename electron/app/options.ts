import type { Clock } from '#kernel/time.ts';
import type { Logger } from '#kernel/log.ts';
import type { Random } from '#kernel/random.ts';
import type { CrashProbe, Database } from '#runtime/ports.ts';
import type { SecretStore } from '#runtime/secrets/secret-store.ts';

/** What opens the practice vendors: given by whoever starts the practice market, never stored. */
export interface PracticeKeys {
  readonly keepa: { readonly key: string };
  readonly amazon: { readonly clientId: string; readonly clientSecret: string; readonly refreshToken: string; readonly sellerId: string };
  readonly ai?: { readonly key: string };
  /** By provider, as its account's fields are named. */
  readonly payments?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Mail and SMS to sellers. */
  readonly messages?: { readonly email: Readonly<Record<'address' | 'apiKey' | 'user' | 'password', string>>; readonly twilio: Readonly<Record<'accountSid' | 'authToken' | 'number', string>>; /** Addresses of the sellers of the practice classifieds; `{ad}` is the advertisement's id. */ readonly sellers: Readonly<Record<'email' | 'sms' | 'ebay', string>> };
  /** Of the user's own shops, by account, as its fields are named. */
  readonly shops?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly etsy?: { readonly keystring: string; readonly sharedSecret: string; readonly refreshToken: string };
  readonly reverb?: { readonly token: string };
  readonly ebay: { readonly clientId: string; readonly clientSecret: string; readonly refreshToken: string };
}

/** The simulated market that the engine works on instead of real accounts. */
export interface PracticeWiring {
  readonly seed: number;
  /** Virtual ms per real ms; 0 where the clock is moved by hand. */
  readonly speed: number;
  /** Vendor → its server on loopback. */
  readonly baseUrls: Readonly<Record<string, string>>;
  /** What opens those vendors. */
  readonly keys: PracticeKeys;
  /** Accounts that are there to be asked and not to be sold on. */
  readonly askedOnly?: readonly string[];
  /** Sources that a new practice desk begins with. */
  readonly sources: readonly PracticeSource[];
}

export interface PracticeSource {
  readonly kind: 'woocommerce' | 'ouedkniss' | 'structured-shop' | 'price-list';
  readonly name: string;
  readonly baseUrl: string;
  readonly config: {
    /** Lets the adapter reach this machine. */
    readonly site: Readonly<Record<string, unknown>>;
    /** What a person would have said of the shop: shipping of one order, whether it haggles. */
    readonly terms: { readonly shipping?: { readonly flatMinor: number; readonly freeFromMinor: number | null } | undefined; readonly negotiable?: boolean | undefined };
    readonly practiceId: string;
  };
}

export interface AppOptions {
  readonly version: string;
  /** Holds the database, its backups and what is imported. Practice and real money have folders of their own. */
  readonly dataDir: string;
  /** The program's own files: `resources/`, `prisma/migrations/`. */
  readonly rootDir: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly secrets: SecretStore;
  /** Where vendors reach the host with notices; absent: they cannot, and everything is asked for. */
  readonly publicUrl?: string;
  /** Null: real accounts. */
  readonly practice: PracticeWiring | null;
  /** The person chose the other market: the host stops this engine and starts one on the other folder. Absent where there is no host to do so. */
  readonly switchMode?: (mode: 'practice' | 'live') => void;
  /** The reader thread's script when it is not the source file beside the runtime (a bundle). */
  readonly readerScript?: URL;
  /** The same for the thread of a price list's first pass. */
  readonly priceListScript?: URL | undefined;
  /** And for the thread that reads documents. */
  readonly documentScript?: URL | undefined;
  /** The folder is thrown away afterwards: its database need not survive a power cut. */
  readonly disposable?: boolean;
  /** Tests only. */
  readonly crashProbe?: CrashProbe;
  /** Tests only: a database that is open already, in the place of the folder's. It is not closed. */
  readonly database?: Database;
}

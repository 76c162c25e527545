/** Practice sellers behind every channel: one for each address, who reads our offers as a person would and answers after a while. */
import { hash32, seededRandom, type Random } from '#kernel/random.ts';
import { HOUR_MS, MINUTE_MS, type Instant } from '#kernel/time.ts';
import type { World } from '../world/types.ts';
import type { Answer } from './answer.ts';
import { createBuyers, type BuyerChannel, type BuyerText } from '../support/buyers.ts';
import { createSeller, SELLER_KINDS, type Seller, type SellerKind } from './sellers.ts';
import { SELLER_LANGUAGES, speak, type SellerLanguage } from './speak.ts';

/** What a seller asks, and how they are. */
export interface Advertiser {
  readonly askedMinor: number;
  /** With two decimals. */
  readonly currency: string;
  readonly kind?: SellerKind;
  readonly language?: SellerLanguage;
  /** How long they take to answer; 20 minutes to 4 hours by chance unless told. */
  readonly delayMs?: number;
}

/** What the two sides hold for settled, for tests: nobody's screen shows it. */
export interface Conversation {
  readonly address: string;
  readonly seller: Seller;
  readonly offers: readonly number[];
  readonly received: number;
  readonly agreedMinor: number | null;
}

export interface Correspondence {
  /** Puts an advertisement of a test's own behind an address. */
  advertise(address: string, advertiser: Advertiser): void;
  /** Who answers at this address; null for nobody. */
  knows(address: string): boolean;
  /** A text of ours has arrived; the answer, if one comes, with its hour. */
  hear(address: string, text: string, at: Instant): Answer | null;
  conversation(address: string): Conversation | null;
  /** What buyers of ours wrote by now, each told once. */
  buyers(channel: BuyerChannel, now: Instant): readonly BuyerText[];
}

interface Talking {
  readonly advertiser: Advertiser;
  readonly seller: Seller;
  readonly language: SellerLanguage;
  readonly random: Random;
  readonly offers: number[];
  received: number;
  agreedMinor: number | null;
}

const OUTLET = 'ouedkniss';
/** `seller-30000012@…`, `seller-30000012`: the seller of that advertisement. */
const AD_ADDRESS = /^seller-(\d{8})(?:@sellers\.practice\.invalid)?$/;
/** `+213530000012`: the same seller's phone. */
const AD_PHONE = /^\+2135(\d{8})$/;
const FIRST_AD = 30_000_000;

/** Our words of consent: the deal is done. */
const AGREED = /\b(?:agreed|i will take|d['’]accord|je prends|ndichatora)\b|اتفقنا|آخذ/iu;

export function practiceContacts(adId: string): { readonly email: string; readonly sms: string; readonly ebay: string } {
  return { email: `seller-${adId}@sellers.practice.invalid`, sms: `+2135${adId}`, ebay: `seller-${adId}` };
}

export function createCorrespondence(world: World): Correspondence {
  const advertisers = new Map<string, Advertiser>();
  const talks = new Map<string, Talking>();
  const buyers = createBuyers(world);

  function advertiserAt(address: string, at: Instant): Advertiser | null {
    const told = advertisers.get(address);
    if (told) return told;
    const ad = AD_ADDRESS.exec(address)?.[1] ?? AD_PHONE.exec(address)?.[1];
    if (ad === undefined) return null;
    const state = world.shops.state(OUTLET, Number(ad) - FIRST_AD, at);
    return state?.priceMinor ? { askedMinor: state.priceMinor, currency: state.currency } : null;
  }

  function talkingAt(address: string, at: Instant): Talking | null {
    const going = talks.get(address);
    if (going) return going;
    const advertiser = advertiserAt(address, at);
    if (!advertiser) return null;
    const random = seededRandom(`${world.seed}:seller:${address}`);
    const pick = hash32(address);
    const kind = advertiser.kind ?? SELLER_KINDS[pick % SELLER_KINDS.length]!;
    const talking: Talking = { advertiser, random, seller: createSeller(kind, advertiser.askedMinor, random), language: advertiser.language ?? SELLER_LANGUAGES[(pick >>> 8) % SELLER_LANGUAGES.length]!, offers: [], received: 0, agreedMinor: null };
    talks.set(address, talking);
    return talking;
  }

  return {
    advertise: (address, advertiser) => void advertisers.set(address, advertiser),
    buyers: (channel, now) => buyers.due(channel, now),
    knows: (address) => buyers.knows(address) || talks.has(address) || advertisers.has(address) || AD_ADDRESS.test(address) || AD_PHONE.test(address),
    hear(address, text, at) {
      if (buyers.knows(address)) return buyers.hear(address, at);
      const talking = talkingAt(address, at);
      if (!talking) return null;
      const { advertiser, random, seller } = talking;
      talking.received += 1;
      const price = new RegExp(String.raw`(\d+(?:\.\d{1,2})?) ${advertiser.currency}`).exec(text)?.[1];
      if (price === undefined || talking.agreedMinor !== null) return null;
      const minor = Math.round(Number(price) * 100);
      if (AGREED.test(text)) {
        if (minor === seller.priceNow()) talking.agreedMinor = minor;
        return null;
      }
      talking.offers.push(minor);
      const reply = seller.answer(minor);
      if (reply.kind === 'accept') talking.agreedMinor = minor;
      if (reply.kind === 'silence') return null;
      const delay = advertiser.delayMs ?? 20 * MINUTE_MS + random.int(220) * MINUTE_MS;
      return { from: address, text: speak(reply, { language: talking.language, currency: advertiser.currency, random }), at: at + Math.min(delay, 12 * HOUR_MS) };
    },
    conversation(address) {
      const talking = talks.get(address);
      return talking ? { address, seller: talking.seller, offers: talking.offers, received: talking.received, agreedMinor: talking.agreedMinor } : null;
    },
  };
}

/** Sellers who haggle, each by a habit of their own. Deterministic for a `Random`; amounts are minor units. */
import type { Random } from '#kernel/random.ts';

export type SellerKind = 'tough' | 'linear' | 'deadline' | 'stubborn' | 'liar';
export const SELLER_KINDS: readonly SellerKind[] = ['tough', 'linear', 'deadline', 'stubborn', 'liar'];

export type SellerReply =
  | { readonly kind: 'accept' }
  | { readonly kind: 'price' | 'last-price'; readonly amountMinor: number }
  | { readonly kind: 'refusal' }
  | { readonly kind: 'silence' };

export interface Seller {
  readonly kind: SellerKind;
  readonly askedMinor: number;
  /** The truth: the least that the seller would take. No buyer may look at it. */
  readonly lowestMinor: number;
  /** Answers an offer. After `silence` the seller answers nothing more. */
  answer(offerMinor: number): SellerReply;
  /** The price that the seller stands by now: what a buyer gets who says yes. Null once silent. */
  priceNow(): number | null;
}

/** Lowest price over asked price, and rounds of patience, drawn evenly between the two. */
const HABITS: Readonly<Record<SellerKind, { lowest: readonly [number, number]; rounds: readonly [number, number]; curve: (time: number) => number }>> = {
  tough: { lowest: [0.84, 0.97], rounds: [4, 8], curve: (t) => t ** 4 },
  linear: { lowest: [0.7, 0.94], rounds: [4, 8], curve: (t) => t },
  deadline: { lowest: [0.68, 0.92], rounds: [4, 6], curve: (t) => (t < 0.75 ? 0.03 * t : t) },
  stubborn: { lowest: [0.97, 1], rounds: [3, 6], curve: () => 0 },
  liar: { lowest: [0.66, 0.9], rounds: [4, 8], curve: (t) => t ** 1.6 },
};

/** Below this share of the asked price half of the sellers are offended and say no more. */
const OFFENSIVE = 0.55;

export function createSeller(kind: SellerKind, askedMinor: number, random: Random): Seller {
  const habit = HABITS[kind];
  const between = ([from, to]: readonly [number, number]) => from + (to - from) * random.next();
  const lowestMinor = Math.round(askedMinor * between(habit.lowest));
  const rounds = Math.round(between(habit.rounds));
  let round = 0;
  let price: number | null = askedMinor;
  /** What the seller would take at this point of time. */
  const target = () => Math.max(lowestMinor, Math.round(askedMinor - (askedMinor - lowestMinor) * habit.curve(Math.min(1, round / rounds))));
  const silent = (): SellerReply => {
    price = null;
    return { kind: 'silence' };
  };
  const lie = (): SellerReply => {
    // Claims a last price that is none, and now and then takes a step back.
    const claimed = Math.round(target() + (askedMinor - target()) * (0.2 + 0.5 * random.next()));
    price = random.next() < 0.2 ? Math.min(askedMinor, Math.max(claimed, price ?? claimed)) : Math.min(price ?? claimed, claimed);
    return { kind: 'last-price', amountMinor: price };
  };
  return {
    kind, askedMinor, lowestMinor,
    priceNow: () => price,
    answer(offerMinor) {
      if (price === null) return { kind: 'silence' };
      round += 1;
      if (offerMinor < askedMinor * OFFENSIVE && random.next() < 0.5) return silent();
      if (offerMinor >= price || offerMinor >= target()) return { kind: 'accept' };
      if (round > rounds || random.next() < 0.02) return silent();
      if (kind === 'stubborn') return random.next() < 0.5 ? { kind: 'refusal' } : { kind: 'last-price', amountMinor: price };
      if (kind === 'liar') return lie();
      price = Math.min(price, target());
      if (kind === 'tough' && random.next() < 0.3) return { kind: 'refusal' };
      return { kind: round >= rounds ? 'last-price' : 'price', amountMinor: price };
    },
  };
}

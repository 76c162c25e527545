/** Talks with simulated sellers: what our strategy saves beside three simple ones, on the same sellers, and whether any talk passes its ceiling. */
import { advance, emptyHistory, learnFrom, openTalk, receive, type AcceptanceHistory, type OfferReading, type Talk } from '#engine/negotiation/index.ts';
import { money } from '#kernel/money.ts';
import { seededRandom } from '#kernel/random.ts';
import { createSeller, SELLER_KINDS, type Seller, type SellerKind, type SellerReply } from '#practice/negotiation/sellers.ts';
import { benchRow, type BenchRow } from './row.ts';

const OFFERS = 6;

export interface TalkResult { readonly priceMinor: number | null; readonly breach: boolean }
type Buyer = (seller: Seller, ceilingMinor: number) => TalkResult;

const bought = (priceMinor: number, ceilingMinor: number): TalkResult => ({ priceMinor, breach: priceMinor > ceilingMinor });
const nothing: TalkResult = { priceMinor: null, breach: false };

const takeIt: Buyer = (seller, ceiling) => (seller.askedMinor <= ceiling ? bought(seller.askedMinor, ceiling) : nothing);

/** Offers 90 % and keeps to it. */
const tenOff: Buyer = (seller, ceiling) => {
  const offer = Math.floor(seller.askedMinor * 0.9);
  if (offer > ceiling) return nothing;
  for (let i = 0; i < OFFERS; i++) {
    const reply = seller.answer(offer);
    if (reply.kind === 'accept') return bought(offer, ceiling);
    if (reply.kind === 'silence') return nothing;
  }
  return nothing;
};

/** Opens at 80 %, then always meets in the middle; takes what is within 2 %. */
const split: Buyer = (seller, ceiling) => {
  let offer = Math.min(ceiling, Math.floor(seller.askedMinor * 0.8));
  for (let i = 0; i < OFFERS; i++) {
    const reply = seller.answer(offer);
    if (reply.kind === 'accept') return bought(offer, ceiling);
    if (reply.kind === 'silence') return nothing;
    const price = seller.priceNow() ?? seller.askedMinor;
    if (price <= ceiling && price - offer <= seller.askedMinor * 0.02) return bought(price, ceiling);
    offer = Math.min(ceiling, Math.floor((offer + price) / 2));
  }
  const price = seller.priceNow();
  return price !== null && price <= ceiling ? bought(price, ceiling) : nothing;
};

function readingOf(reply: SellerReply): OfferReading | null {
  if (reply.kind === 'silence') return null;
  if (reply.kind === 'accept') return { intent: 'accept', amount: null, reason: null };
  if (reply.kind === 'refusal') return { intent: 'reject', amount: null, reason: null };
  return { intent: reply.kind === 'price' ? 'counter' : 'last-price', amount: money(reply.amountMinor, 'USD'), reason: null };
}

/** One talk by our strategy, through the same functions that the desk uses. */
export function talkWith(seller: Seller, ceilingMinor: number, history: AcceptanceHistory): { result: TalkResult; talk: Talk } {
  let talk = openTalk({ askedMinor: seller.askedMinor, ceilingMinor, mostOffers: OFFERS, history, currency: 'USD' });
  let breach = false;
  while (talk.state === 'drafted' || talk.state === 'deciding') {
    const { move, after } = advance(talk);
    if ((move.amountMinor ?? 0) > ceilingMinor) breach = true;
    talk = after;
    if (talk.state !== 'awaiting-reply') break;
    const reading = readingOf(seller.answer(move.amountMinor!));
    talk = reading ? receive(talk, reading) : { ...talk, state: 'timed-out' };
  }
  // An acceptance is worth what the seller still stands by.
  const gone = talk.state === 'agreed' && seller.priceNow() === null && talk.turns.at(-1)?.by === 'them';
  const priceMinor = gone ? null : talk.agreedMinor;
  return { result: { priceMinor, breach: breach || (priceMinor ?? 0) > ceilingMinor }, talk };
}

export interface Tally { readonly saving: number; readonly gain: number; readonly agreed: number; readonly breaches: number }

/** Means over all talks, in shares of the asked price; a talk without a deal counts as zero. Ceilings are 75 to 130 % of the asked price. */
export function simulate(talks: number, seed: string, kinds: readonly SellerKind[] = SELLER_KINDS): Readonly<Record<'ours' | 'take it' | '10 % off' | 'split', Tally>> {
  let history = emptyHistory;
  const buyers: Readonly<Record<string, Buyer>> = {
    ours: (seller, ceiling) => {
      const { result, talk } = talkWith(seller, ceiling, history);
      history = learnFrom(history, talk);
      return result;
    },
    'take it': takeIt, '10 % off': tenOff, split,
  };
  const tally = (buyer: Buyer): Tally => {
    let [saving, gain, agreed, breaches] = [0, 0, 0, 0];
    for (let i = 0; i < talks; i++) {
      const draw = seededRandom(`${seed}:${i}`);
      const asked = 500 + draw.int(200_000);
      const ceiling = Math.round(asked * (0.75 + 0.55 * draw.next()));
      const { priceMinor, breach } = buyer(createSeller(kinds[i % kinds.length]!, asked, draw), ceiling);
      if (breach) breaches += 1;
      if (priceMinor === null) continue;
      agreed += 1;
      saving += (asked - priceMinor) / asked;
      gain += (ceiling - priceMinor) / asked;
    }
    return { saving: saving / talks, gain: gain / talks, agreed: agreed / talks, breaches };
  };
  return { ours: tally(buyers['ours']!), 'take it': tally(takeIt), '10 % off': tally(tenOff), split: tally(split) };
}

const TALKS = 100_000;
/** With sellers of one kind only. */
const TALKS_OF_A_KIND = 4_000;

/** Where each kind of seller is met, with the strategy's own history of it: what is saved, and how often both agree. */
function rowsOfKinds(): BenchRow[] {
  return SELLER_KINDS.flatMap((kind) => {
    const { ours, ...others } = simulate(TALKS_OF_A_KIND, `bench:${kind}`, [kind]);
    return Object.entries(others).flatMap(([name, other]) => [
      benchRow({ name: `negotiation: mean saving, ${kind} sellers`, value: ours.saving * 100, unit: '% of asked', floorName: name, floorValue: other.saving * 100, target: '', ok: true }),
      benchRow({ name: `negotiation: agreements, ${kind} sellers`, value: ours.agreed * 100, unit: '%', floorName: name, floorValue: other.agreed * 100, target: '', ok: true }),
    ]);
  });
}

export function run(): Promise<BenchRow[]> {
  const { ours, ...others } = simulate(TALKS, 'bench');
  const rows = Object.entries(others).flatMap(([name, other]) => [
    benchRow({ name: 'negotiation: mean saving', value: ours.saving * 100, unit: '% of asked', floorName: name, floorValue: other.saving * 100, target: 'above the baseline', ok: ours.saving > other.saving }),
    benchRow({ name: 'negotiation: mean gain under the ceiling', value: ours.gain * 100, unit: '% of asked', floorName: name, floorValue: other.gain * 100, target: 'above the baseline', ok: ours.gain > other.gain }),
    benchRow({ name: 'negotiation: agreements', value: ours.agreed * 100, unit: '%', floorName: name, floorValue: other.agreed * 100, target: '', ok: true }),
  ]);
  return Promise.resolve([...rows, ...rowsOfKinds(), benchRow({ name: `negotiation: ceilings passed in ${TALKS} talks`, value: ours.breaches, unit: 'talks', floorName: 'none', floorValue: 0, target: '0', ok: ours.breaches === 0 })]);
}

/** Practice buyers who write after a sale: some do, each for a reason, on one channel; the same in every run of a seed. */
import { hash32 } from '#kernel/random.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, type Instant } from '#kernel/time.ts';
import type { Answer } from '../negotiation/answer.ts';
import type { Sale, World } from '../world/types.ts';
import { answerOf, writeBuyer, type BuyerKind, type BuyerLanguage } from './write-buyer.ts';

export type BuyerChannel = 'ebay' | 'email' | 'sms';

export interface BuyerText {
  /** The sale, with a number for what is written later. */
  readonly id: string;
  readonly from: string;
  readonly name: string;
  readonly listingId: string;
  readonly subject: string;
  readonly text: string;
  readonly at: Instant;
}

export interface Buyers {
  /** What has been written by now and was not told before, oldest first. */
  due(channel: BuyerChannel, now: Instant): readonly BuyerText[];
  knows(address: string): boolean;
  hear(address: string, at: Instant): Answer | null;
}

/** Of a hundred sales. */
const WRITING = 30;
const KINDS: readonly (readonly [BuyerKind, number])[] = [['where', 38], ['late', 12], ['question', 12], ['damaged', 12], ['return', 12], ['payment', 7], ['angry', 4], ['legal', 3]];

function plan(sale: Sale): { kind: BuyerKind; language: BuyerLanguage; channel: BuyerChannel } | null {
  const draw = (use: string, of: number) => hash32(`${sale.id}:${use}`) % of;
  if (draw('writes', 100) >= WRITING || sale.cancelledAt !== null) return null;
  let left = draw('kind', 100);
  const kind = KINDS.find(([, share]) => (left -= share) < 0)![0];
  const [language, channel] = [draw('language', 100), draw('channel', 100)];
  return { kind, language: language < 65 ? 'en' : language < 85 ? 'fr' : 'ar', channel: channel < 60 ? 'ebay' : channel < 92 ? 'email' : 'sms' };
}

/** Null: not yet. */
function writesAt(sale: Sale, kind: BuyerKind): Instant | null {
  const late = (hash32(`${sale.id}:minute`) % 600) * MINUTE_MS;
  if (kind === 'damaged' || kind === 'return') return sale.deliveredAt === null ? null : sale.deliveredAt + (kind === 'damaged' ? 3 * HOUR_MS : DAY_MS) + late;
  return sale.createdAt + { where: 2 * DAY_MS, late: 13 * DAY_MS, question: 4 * HOUR_MS, payment: HOUR_MS, angry: 8 * DAY_MS, legal: 15 * DAY_MS }[kind] + late;
}

const addressOf = (sale: Sale, channel: BuyerChannel) => (channel === 'ebay' ? sale.buyerUsername : channel === 'email' ? sale.shipTo.email : sale.shipTo.phone.replace(/[^\d+]/g, ''));

export function createBuyers(world: World): Buyers {
  const told = new Set<string>();
  const writers = new Map<string, { readonly sale: Sale; readonly language: BuyerLanguage; answered: boolean }>();
  const isBuyer = (address: string) => writers.has(address);
  return {
    due(channel, now) {
      const found: BuyerText[] = [];
      for (const sale of world.sales('ebay')) {
        if (told.has(sale.id)) continue;
        const planned = plan(sale);
        if (planned?.channel !== channel) continue;
        const at = writesAt(sale, planned.kind);
        if (at === null || at > now) continue;
        told.add(sale.id);
        const from = addressOf(sale, channel);
        writers.set(from, { sale, language: planned.language, answered: false });
        found.push({ id: sale.id, from, name: sale.shipTo.name, listingId: sale.listingId, subject: `Order ${sale.id}`, text: writeBuyer(planned.kind, planned.language, sale.id, hash32(`${sale.id}:words`)), at });
      }
      return found.toSorted((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
    },
    knows: isBuyer,
    hear(address, at) {
      const writer = writers.get(address);
      if (!writer || writer.answered) return null;
      writer.answered = true;
      const mood = hash32(`${writer.sale.id}:mood`) % 100;
      return mood < 40 ? { from: address, text: answerOf('good', writer.language), at: at + 5 * HOUR_MS } : mood < 48 ? { from: address, text: answerOf('bad', writer.language), at: at + 7 * HOUR_MS } : null;
    },
  };
}

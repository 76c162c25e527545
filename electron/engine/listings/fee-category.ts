import { utcDay } from '#kernel/time.ts';
import { resolveCategory, selectFeeCard } from '../pricing/index.ts';
import type { ChosenCategory } from './choose-category.ts';
import type { OnChannel } from './deps.ts';
import type { ListingFacts } from './facts-port.ts';

export interface FeeCategory {
  /** Of the fee card; null: none is known, and the card's general rate counts. */
  readonly key: string | null;
  /** `tree`: words of the leaf or of what stands above it name it. `own`: by our own category. */
  readonly by: 'tree' | 'own';
  /** The tree's words are the vendor's, the match of words with the card is ours: medium. Our own category is a guess at the vendor's: low. */
  readonly confidence: 'medium' | 'low';
}

/** The fee card's category of a leaf: the narrowest name on its way from the top that the card knows; else by our own category. */
export function feeCategoryIn({ ctx, channel, feeCards }: Pick<OnChannel, 'ctx' | 'channel' | 'feeCards'>, chosen: Pick<ChosenCategory, 'name' | 'path'> | null, facts: Pick<ListingFacts, 'category'>): FeeCategory {
  const card = selectFeeCard(feeCards, channel.market, utcDay(ctx.clock.now()));
  if (card && chosen) {
    for (const words of [chosen.name, ...chosen.path.toReversed()]) {
      const key = resolveCategory(card, words);
      if (key !== null) return { key, by: 'tree', confidence: 'medium' };
    }
  }
  return { key: facts.category, by: 'own', confidence: 'low' };
}

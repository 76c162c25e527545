/** What other buyers say of an offer's seller: carried with the offer, and told as a risk where it is bad or too little. */
import { z } from 'zod';
import type { Risk } from '#contract/opportunities.ts';
import type { SellerFeedback } from '#engine/sources/index.ts';
import type { Instant } from '#kernel/time.ts';

/** Fewer ratings than this tell of a seller that little is known of them (assumption). */
const FEW_RATINGS = 10;
/** Below this a seller is a risk (assumption): content buyers of all, and four stars of five, whose scale begins at one. */
const POOR_BP: Readonly<Record<SellerFeedback['scale'], number>> = { positive: 9_500, stars: 7_500 };

const kept = z.object({ sellerFeedback: z.object({ scale: z.enum(['stars', 'positive']), scoreBp: z.int(), ratings: z.int(), text: z.string(), at: z.int() }) });

export type FeedbackSign = 'fine' | 'few' | 'poor';

/** Few ratings condemn nobody, and praise nobody. */
export function feedbackSign({ scale, scoreBp, ratings }: SellerFeedback): FeedbackSign {
  if (ratings < FEW_RATINGS) return 'few';
  return scoreBp < POOR_BP[scale] ? 'poor' : 'fine';
}

/** Of a market's own share of content buyers, and the score that stands behind it. */
export const isPoorFeedback = ({ positiveBp, score }: { readonly positiveBp: number; readonly score: number }): boolean => score >= FEW_RATINGS && positiveBp < POOR_BP.positive;

/** As a field of the offer's facts, with the day on which the source said so. */
export const feedbackFacts = (feedback: SellerFeedback | undefined, at: Instant) => (feedback ? { sellerFeedback: { ...feedback, at } } : {});

/** Null where the source says nothing of the seller, or nothing to worry about. */
export function feedbackRisk({ facts, url }: { readonly facts: Readonly<Record<string, unknown>>; readonly url: string }): Risk | null {
  const read = kept.safeParse(facts);
  const sign = read.success ? feedbackSign(read.data.sellerFeedback) : 'fine';
  if (!read.success || sign === 'fine') return null;
  const { ratings, text, at } = read.data.sellerFeedback;
  return { code: sign === 'poor' ? 'seller.poor-feedback' : 'seller.few-ratings', data: { score: text, ratings }, severity: sign === 'poor' ? 'warning' : 'info', kind: 'page', source: 'source', asOf: at, url, evidence: 'offer' };
}

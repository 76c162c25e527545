import type { Instant } from '#kernel/time.ts';
import type { CallOptions, FeeAnswer, FeeLine, FeeQuestion } from '#engine/catalog/ports.ts';
import { moneyFromNumber, numberOf } from '../../http/index.ts';
import { feesAnswerSchema, singleFeeAnswerSchema, type SpFeeResult } from './schema.ts';
import type { SpClient } from './sp-client.ts';

const priced = (question: FeeQuestion) => ({
  ListingPrice: { CurrencyCode: question.price.currency, Amount: numberOf(question.price) },
  Shipping: { CurrencyCode: question.shipping.currency, Amount: numberOf(question.shipping) },
});

function requestOf(question: FeeQuestion, identifier: string, client: SpClient) {
  return { MarketplaceId: client.marketplaceId, IsAmazonFulfilled: question.fulfilledByMarket, PriceToEstimateFees: priced(question), Identifier: identifier };
}

function refused(question: FeeQuestion, at: Instant, refusal: { code: string; message: string }): FeeAnswer {
  return { question, lines: [], refusal, at };
}

function readResult(question: FeeQuestion, result: SpFeeResult, at: Instant): FeeAnswer {
  if (result.Status !== 'Success' || !result.FeesEstimate) {
    return refused(question, at, { code: result.Error?.Code ?? result.Status, message: result.Error?.Message ?? 'no estimate was given' });
  }
  const lines: FeeLine[] = [];
  for (const { FeeType, FinalFee } of result.FeesEstimate.FeeDetailList ?? []) {
    const amount = moneyFromNumber(FinalFee.Amount, FinalFee.CurrencyCode);
    if (!amount) return refused(question, at, { code: 'UNREADABLE', message: `${FeeType}: ${FinalFee.Amount} ${FinalFee.CurrencyCode} is no amount` });
    lines.push({ kind: FeeType, amount });
  }
  const stated = result.FeesEstimate.TotalFeesEstimate;
  const total = stated && moneyFromNumber(stated.Amount, stated.CurrencyCode);
  if (!total) return refused(question, at, { code: 'UNREADABLE', message: 'the total is missing or no amount' });
  return { question, total, lines, at };
}

/** `getMyFeesEstimates` (Product Fees v0): 20 questions a call; a single one has an operation of its own with twice the rate. */
export async function estimateFees(client: SpClient, questions: readonly FeeQuestion[], options: CallOptions & { readonly now: () => Instant }): Promise<FeeAnswer[]> {
  if (questions.length === 1) return [await estimateOne(client, questions[0]!, options)];
  const answers: FeeAnswer[] = [];
  const size = client.batchOf('getMyFeesEstimates');
  for (let i = 0; i < questions.length; i += size) {
    const batch = questions.slice(i, i + size);
    const results = await client.call('getMyFeesEstimates', {
      operation: 'estimate fees', method: 'POST', path: '/products/fees/v0/feesEstimate', schema: feesAnswerSchema, signal: options.signal,
      json: batch.map((question, place) => ({ IdType: 'ASIN', IdValue: question.externalId, FeesEstimateRequest: requestOf(question, String(place), client) })),
    });
    const byIdentifier = new Map(results.map((result) => [result.FeesEstimateIdentifier?.SellerInputIdentifier, result]));
    for (const [place, question] of batch.entries()) {
      const result = byIdentifier.get(String(place));
      answers.push(result ? readResult(question, result, options.now()) : refused(question, options.now(), { code: 'NO_ANSWER', message: 'the answer does not mention this question' }));
    }
  }
  return answers;
}

async function estimateOne(client: SpClient, question: FeeQuestion, options: CallOptions & { readonly now: () => Instant }): Promise<FeeAnswer> {
  const { payload } = await client.call('getMyFeesEstimateForASIN', {
    operation: 'estimate fees', method: 'POST', path: `/products/fees/v0/items/${encodeURIComponent(question.externalId)}/feesEstimate`, schema: singleFeeAnswerSchema, signal: options.signal,
    json: { FeesEstimateRequest: requestOf(question, question.externalId, client) },
  });
  return readResult(question, payload.FeesEstimateResult, options.now());
}

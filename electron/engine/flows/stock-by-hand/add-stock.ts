import type { EngineContext, Tx } from '#runtime/ports.ts';
import { DomainError } from '#kernel/errors.ts';
import { convert, inverse, money, type Money } from '#kernel/money.ts';
import { utcDay } from '#kernel/time.ts';
import { ensureProductByHand, findProduct } from '../../catalog/index.ts';
import { addLotByHand, unitCostOf, type HandLot, type InventoryDeps, type LotEstimate } from '../../inventory/index.ts';
import type { CodeReaderPort } from '../../photos/index.ts';
import { compileFees, outboundPostage, selectFeeCard, type FeeCard } from '../../pricing/index.ts';
import { BUSINESS, homeRate, readSetting } from '../../settings/index.ts';

export interface EstimateDeps {
  readonly ctx: EngineContext;
  readonly feeCards: readonly FeeCard[];
  /** Where what comes on hand is listed: by its fees the expected profit is counted. */
  readonly market: string;
  readonly salesTaxBp: number;
}

export interface StockByHandDeps extends EstimateDeps {
  readonly inventory: InventoryDeps;
  readonly codes: CodeReaderPort;
}

export interface AddedByHand extends Omit<HandLot, 'productId' | 'estimate'> {
  readonly productId: string | null;
  readonly gtin: string | null;
  readonly brand: string | null;
  readonly salePrice: Money;
}

/** Nothing is known of how fast it sells: a month, as the estimates assume where the market is silent (assumption). */
const DAYS_TO_SELL = 30;

/** What a sale at the price would leave, home currency, by the fee card of today. Without a card or a rate: before fees. */
async function profitOf({ ctx, feeCards, market, salesTaxBp }: EstimateDeps, tx: Tx, given: { readonly salePrice: Money; readonly unitCost: Money; readonly category: string | null; readonly weightG: number | null }): Promise<Money> {
  const business = (await readSetting(tx, BUSINESS)).value;
  const { salePrice, unitCost } = given;
  const card = selectFeeCard(feeCards, market, utcDay(ctx.clock.now()));
  const rate = card && homeRate(business, card.currency);
  const postage = outboundPostage(business.outboundShipping, given.weightG);
  const home = (amount: Money) => (amount.currency === salePrice.currency || !rate ? amount : convert(amount, rate.rate, 'up'));
  if (!card || !rate) return money(salePrice.minor - unitCost.minor, salePrice.currency);
  const fees = compileFees(card, { category: given.category !== null && given.category in card.categories ? given.category : null, fulfilment: 'fbm', buyerShipping: money(0, card.currency), salesTaxBp, package: null, storeLevel: business.ebayStore, day: utcDay(ctx.clock.now()) });
  const there = card.currency === salePrice.currency ? salePrice : convert(salePrice, inverse(rate.rate), 'up');
  return money(salePrice.minor - home(money(fees.totalMinor(there.minor), card.currency)).minor - home(postage).minor - unitCost.minor, salePrice.currency);
}

/** What is expected of a unit of goods that came without an approval. */
export async function estimateLot(deps: EstimateDeps, tx: Tx, unit: { readonly productId: string; readonly unitCost: Money; readonly salePrice: Money }): Promise<LotEstimate> {
  const known = await tx.product.findUnique({ where: { id: unit.productId }, select: { category: true, weightG: true } });
  return { profit: await profitOf(deps, tx, { salePrice: unit.salePrice, unitCost: unit.unitCost, category: known?.category ?? null, weightG: known?.weightG ?? null }), salePrice: unit.salePrice, daysToSell: DAYS_TO_SELL };
}

/** Takes goods in by hand, once for each key: product, lot, movement and booking in one transaction. @throws DomainError INVALID, NOT_FOUND. */
export async function addStockByHand(deps: StockByHandDeps, input: AddedByHand): Promise<{ lotId: string; existed: boolean }> {
  const { ctx } = deps;
  const { homeCurrency } = (await readSetting(ctx.db, BUSINESS)).value;
  for (const field of ['totalCost', 'salePrice'] as const) {
    if (input[field].currency !== homeCurrency) throw new DomainError('INVALID', `${field}: give it in ${homeCurrency}, the currency of the books.`, { field, reason: `must be in ${homeCurrency}` });
    if (input[field].minor < 0) throw new DomainError('INVALID', `${field}: cannot be below zero.`, { field, reason: 'below zero' });
  }
  const known = input.productId === null ? null : await findProduct(ctx.db, input.productId);
  if (input.productId !== null && !known) throw new DomainError('NOT_FOUND', 'There is no such product.', { kind: 'product', id: input.productId });
  const { gtin, brand, salePrice, productId: _, ...about } = input;
  const profit = await profitOf(deps, ctx.db.prisma, { salePrice, unitCost: unitCostOf(input.totalCost, input.quantity), category: known?.category ?? null, weightG: known?.weightG ?? null });
  return ctx.db.transaction(async (tx) => {
    const productId = known?.id ?? (await ensureProductByHand(deps, tx, { gtin, title: input.title, brand }));
    const { lot, existed } = await addLotByHand(deps.inventory, tx, { ...about, productId, estimate: { profit, salePrice, daysToSell: DAYS_TO_SELL } });
    return { lotId: lot.id, existed };
  });
}

import type { Limits } from '#contract/settings.ts';
import type { Reason } from '#contract/shared.ts';
import { convert, money } from '#kernel/money.ts';
import { DAY_MS } from '#kernel/time.ts';
import { enrichProducts, findByCodes, findProducts, findSnapshots, keepPairs, MATCHER_VERSION, type NewPair, type OfferWords, type ProductRecord, type StoredSnapshot, type WordsVerdict } from '#engine/catalog/index.ts';
import { BUSINESS, homeRate, LIMITS, readSetting } from '#engine/settings/index.ts';
import { askAmazon } from './ask-amazon.ts';
import { assessOffer, MIN_IDENTITY_BP, type Assessment, type AssessContext, type AssessInput } from './assess-offer.ts';
import { readCalibrations } from './calibrations.ts';
import { readSeasons } from './seasons.ts';
import type { OpportunitiesDeps, SellerSigns } from './deps.ts';
import type { EvaluatedOffer } from './evaluation.ts';
import { countRivals } from './count-rivals.ts';
import { CARD_CHANNEL } from './fee-context.ts';
import { readChannelSales } from './read-channel-sales.ts';
import { identityOf, packOf, titleWithVariant, weighsLikeMore, weightOf } from './judge-identity.ts';
import { expireOpen, setOutcomes, takeWaiting, upsertEvaluations, type OfferOutcome, type OfferRecord } from './repo.ts';
import { screenOffer } from './screen-offers.ts';
import { feedbackRisk } from './seller-feedback.ts';
import { asksLikeMore, packByPrice, packOrPiece } from './tell-pack.ts';

export interface EvaluateRequest {
  readonly sourceId: string;
  readonly limit: number;
  readonly signal: AbortSignal;
}

export interface EvaluatedBatch {
  /** Offers taken up; 0 when none waits. */
  readonly taken: number;
  /** Of them, those that passed the zero-quota screen. */
  readonly survivors: number;
  /** Opportunities that are new or changed. */
  readonly written: number;
}

interface Candidate {
  readonly offer: OfferRecord;
  readonly sellerRisk: AssessInput['sellerRisk'];
  product: ProductRecord | null;
  snapshot: StoredSnapshot | null;
  reason: Reason | null;
  /** What the facts that were known already came to, when they settled it. */
  settled: Assessment | null;
  /** What its words say, where its codes say nothing or what the title contradicts. */
  words: WordsVerdict | null;
  /** Of the product that its codes name, before its words or its price said otherwise. */
  codedAsin: string | null;
  /** How sure its price makes it that it sells the pack, or the one piece, that `product` is, of which the page says nothing; null where the price was not needed. */
  packByPriceBp: number | null;
}

const codesOf = (offer: OfferRecord) => [...new Set([offer.gtin, offer.asin, ...offer.candidates].filter((c): c is string => c !== null))];
const isGtin14 = (code: string) => /^\d{14}$/.test(code);

/** Products that are known already, and their facts, whatever their age: free to ask. */
async function attachKnown(deps: OpportunitiesDeps, candidates: readonly Candidate[]): Promise<void> {
  const { db } = deps.ctx;
  const codes = candidates.flatMap((c) => codesOf(c.offer));
  const byGtin = await findByCodes(db, 'gtin', codes.filter(isGtin14));
  const byAsin = await findByCodes(db, 'asin', codes.filter((c) => !isGtin14(c)));
  const idsOf = (offer: OfferRecord) => new Set(codesOf(offer).map((code) => byGtin.get(code) ?? byAsin.get(code)).filter((id): id is string => id !== undefined));
  const products = await findProducts(db, [...new Set([...byGtin.values(), ...byAsin.values()])]);
  const snapshots = await findSnapshots(db, 'keepa', [...products.keys()]);
  for (const candidate of candidates) {
    const ids = [...idsOf(candidate.offer)];
    const chosen = chooseProduct(candidate.offer, ids.map((id) => products.get(id)).filter((p): p is ProductRecord => p !== undefined));
    candidate.product = chosen;
    candidate.snapshot = chosen ? (snapshots.get(chosen.id) ?? null) : null;
  }
}

/** Of several products that the offer's codes may name, the one that its title supports; null when none or more than one does. */
function chooseProduct(offer: OfferRecord, products: readonly ProductRecord[]): ProductRecord | null {
  if (products.length <= 1) return products[0] ?? null;
  const likely = products.filter((p) => identityOf(offer, p) >= 5_000);
  return likely.length === 1 ? likely[0]! : null;
}

function screen(candidate: Candidate, { limits, business }: AssessContext, identifiesByWords: boolean): Reason | null {
  const { offer } = candidate;
  const rate = homeRate(business, offer.currency);
  if (!rate) return { code: 'screen.no-rate', data: { currency: offer.currency, home: business.homeCurrency } };
  const home = (minor: number) => (offer.currency === business.homeCurrency ? minor : convert(money(minor, offer.currency), rate.rate, 'up').minor);
  return screenOffer(
    {
      unitMinor: home(offer.priceMinor), stock: offer.stock, brand: candidate.product?.brand ?? offer.brand, category: candidate.product?.category ?? null, condition: offer.condition,
      hasCode: codesOf(offer).length > 0 || identifiesByWords, bestSaleMinor: candidate.snapshot ? null : offer.listPriceMinor === null ? null : home(offer.listPriceMinor),
    },
    limits,
  );
}

/** Facts of this age still show what cannot pay; what might is looked up anew before anybody spends on it. */
const USABLE_FACTS_MS = 10 * DAY_MS;

/** Whether the facts that are known already settle it: even a good outcome, at today's price of the offer, stays below the least profit wanted. */
function isSettled(deps: OpportunitiesDeps, candidate: Candidate, context: AssessContext): boolean {
  if (!candidate.product || !candidate.snapshot) return false;
  const now = deps.ctx.clock.now();
  if (candidate.snapshot.expiresAt > now) return true;
  if (now - candidate.snapshot.fetchedAt > USABLE_FACTS_MS) return false;
  const result = assessOffer(inputOf(deps, candidate), context);
  const settles = result.kind === 'evaluated' && result.row.decision === 'skip' && result.row.profitHighMinor < context.limits.minProfit.minor;
  if (settles) candidate.settled = result;
  return settles;
}

/** Spends quota, on survivors alone: products that are unknown, or whose facts are too old to trust. */
async function enrich(deps: OpportunitiesDeps, survivors: readonly Candidate[], context: AssessContext, signal: AbortSignal): Promise<void> {
  const needing = survivors.filter((c) => !isSettled(deps, c, context));
  const codes = [...new Set(needing.flatMap((c) => (c.product?.asin ? [c.product.asin] : codesOf(c.offer))))];
  if (codes.length === 0 || !deps.catalog.marketData) return;
  await enrichProducts(deps.catalog, codes, signal);
  await attachKnown(deps, needing);
}

function inputOf(deps: OpportunitiesDeps, candidate: Candidate): AssessInput {
  const { offer, product, snapshot, sellerRisk, words, packByPriceBp } = candidate;
  const named = words?.kind === 'same' && words.asin === product!.asin ? words : null;
  const byCode = codesOf(offer).length > 0 ? identityOf(offer, product!) : 0;
  // a person who looked at both has looked at the pack as well
  const pack = packByPriceBp !== null || named && (named.by === 'person' || named.packByWeight) ? 'same' : packOf(offer, product!, snapshot!.facts);
  return {
    offer, product: product!, snapshot: snapshot!, identityBy: named ? named.by : packByPriceBp === null ? 'code' : 'words', identityBp: packByPriceBp !== null ? packByPriceBp : named ? Math.max(named.probabilityBp, byCode) : byCode, pack, negotiable: offer.facts['negotiable'] === true, packBy: packByPriceBp !== null ? 'price' : named?.packByWeight ? 'weight' : null,
    own: null, sellerRisk, rivals: null, sold: null, current: null, restriction: null, guard: null, at: deps.ctx.clock.now(),
  };
}

/** A product by its market's id, with its facts, fetched where they are missing or too old to settle it. */
async function attachByAsin(deps: OpportunitiesDeps, named: readonly { candidate: Candidate; asin: string }[], context: AssessContext, signal: AbortSignal): Promise<void> {
  const attach = async (some: typeof named) => {
    const ids = await findByCodes(deps.ctx.db, 'asin', some.map((n) => n.asin));
    const products = await findProducts(deps.ctx.db, [...new Set(ids.values())]);
    const snapshots = await findSnapshots(deps.ctx.db, 'keepa', [...products.keys()]);
    for (const { candidate, asin } of some) {
      candidate.product = products.get(ids.get(asin) ?? '') ?? null;
      candidate.snapshot = candidate.product ? (snapshots.get(candidate.product.id) ?? null) : null;
    }
  };
  await attach(named);
  const needing = named.filter(({ candidate }) => !isSettled(deps, candidate, context));
  if (needing.length === 0 || !deps.catalog.marketData) return;
  await enrichProducts(deps.catalog, [...new Set(needing.map((n) => n.asin))], signal);
  await attach(needing);
}

/** Whether its code names a product that its own title and pack agree with. */
const isSure = ({ offer, product, snapshot }: Candidate) =>
  product !== null && snapshot !== null && codesOf(offer).length > 0 && identityOf(offer, product) >= MIN_IDENTITY_BP && packOf(offer, product, snapshot.facts) === 'same' && !weighsLikeMore(offer, product);

/**
 * Candidates without a usable code, or with one that the title contradicts, by their words. What is sure enough is attached; what is unsure and could pay is a question for a person:
 * those that are to be stored are answered.
 */
async function identifyByWords(deps: OpportunitiesDeps, survivors: readonly Candidate[], context: AssessContext, signal: AbortSignal): Promise<NewPair[]> {
  if (!deps.words) return [];
  const doubtful = survivors.filter((c) => (c.settled === null && !isSure(c)) || asksForMore(c, context));
  for (const candidate of doubtful) candidate.codedAsin = candidate.product?.asin ?? null;
  const verdicts = await deps.words.identify(doubtful.map(wordsOf), signal);
  const named: { candidate: Candidate; asin: string }[] = [];
  doubtful.forEach((candidate, i) => {
    const verdict = verdicts[i]!;
    candidate.words = verdict;
    if (verdict.asin !== null && verdict.asin !== candidate.product?.asin && (verdict.kind === 'same' || verdict.kind === 'unsure' && candidate.product === null)) named.push({ candidate, asin: verdict.asin });
  });
  await attachByAsin(deps, named, context, signal);
  await tellPieces(deps, doubtful, context, signal);
  await tellPacks(deps, doubtful, context, signal);
  await judgeUnsure(deps, doubtful, context, signal);
  return doubtful.flatMap((candidate) => questionOf(deps, candidate, context));
}

const wordsOf = ({ offer, codedAsin }: Candidate): OfferWords =>
  ({ offerId: offer.id, title: titleWithVariant(offer), brand: offer.brand, mpn: offer.mpn, packSize: offer.packSize, weightG: weightOf(offer), codedAsin });

/** A second opinion on what a person would be asked about. */
async function judgeUnsure(deps: OpportunitiesDeps, doubtful: readonly Candidate[], context: AssessContext, signal: AbortSignal): Promise<void> {
  const unsure = doubtful.flatMap((candidate) => {
    const verdict = candidate.words;
    return verdict?.kind === 'unsure' && candidate.product?.asin === verdict.asin && couldPay(deps, candidate, context) ? [{ candidate, offer: wordsOf(candidate), verdict }] : [];
  });
  const verdicts = await deps.words!.judge(unsure, signal);
  unsure.forEach(({ candidate }, i) => void (candidate.words = verdicts[i]!));
}

function couldPay(deps: OpportunitiesDeps, candidate: Candidate, context: AssessContext): boolean {
  if (!candidate.snapshot) return false;
  const result = assessOffer({ ...inputOf(deps, candidate), identityBp: 9_900, pack: 'same' }, context);
  return result.kind === 'evaluated' && !isHopeless(result, context.limits);
}

/** Where a page prints the code of a pack and names none: what one piece goes for tells which of the two is sold. Costs a look-up for each piece that is not known. */
async function tellPieces(deps: OpportunitiesDeps, doubtful: readonly Candidate[], context: AssessContext, signal: AbortSignal): Promise<void> {
  const pieces = doubtful.flatMap((of) => {
    const { words, product } = of;
    const isSilent = words?.kind === 'unsure' && words.by === 'words' && words.packUnknown && product !== null && product.asin === of.codedAsin && words.asin === of.codedAsin;
    return isSilent && words.silentPiece !== null ? [{ of, asin: words.silentPiece, candidate: { ...of, product: null, snapshot: null, settled: null } as Candidate }] : [];
  });
  if (pieces.length === 0) return;
  await attachByAsin(deps, pieces, context, signal);
  for (const { of, candidate } of pieces) {
    if (!candidate.product || !candidate.snapshot || !of.snapshot) continue;
    const [single, pack] = [{ product: candidate.product, snapshot: candidate.snapshot }, { product: of.product!, snapshot: of.snapshot }];
    const told = packOrPiece(of.offer, { single, pack }, context);
    if (told) Object.assign(of, { product: told.product, snapshot: told.snapshot, packByPriceBp: told.identityBp, settled: null, words: null });
  }
}

const asksForMore = ({ offer, product, snapshot }: Candidate, context: AssessContext) => product !== null && snapshot !== null && asksLikeMore(offer, { product, snapshot }, context);

/** Where the page names one piece and asks several times what that goes for: the pack that its price fits. Costs a look-up for each pack that is not known. */
async function tellPacks(deps: OpportunitiesDeps, doubtful: readonly Candidate[], context: AssessContext, signal: AbortSignal): Promise<void> {
  const asking = doubtful.filter((c) => c.words !== null && c.words.by === 'words' && c.words.silentPacks.length > 0 && asksForMore(c, context));
  if (asking.length === 0) return;
  const packs = asking.flatMap((of) => of.words!.silentPacks.map((asin) => ({ of, asin, candidate: { ...of, product: null, snapshot: null, settled: null } as Candidate })));
  await attachByAsin(deps, packs, context, signal);
  for (const of of asking) {
    const priced = packs.filter((pack) => pack.of === of).flatMap(({ candidate: { product, snapshot } }) => (product && snapshot ? [{ product, snapshot }] : []));
    const told = packByPrice(of.offer, { single: { product: of.product!, snapshot: of.snapshot! }, packs: priced, codedAsin: of.codedAsin }, context);
    if (told) Object.assign(of, { product: told.product, snapshot: told.snapshot, packByPriceBp: told.identityBp, settled: null, words: null });
  }
}

/** What is kept of an unsure pair. One that could not pay is not worth a person's time; an unsure product is no product. */
function questionOf(deps: OpportunitiesDeps, candidate: Candidate, context: AssessContext): NewPair[] {
  const { words, product, offer } = candidate;
  if (!words || words.asin === null || product?.asin !== words.asin) return [];
  const pair = { wordsKey: words.wordsKey, productId: product.id, offerId: offer.id, probabilityBp: words.probabilityBp, packUnknown: words.packUnknown, judged: words.judged, logOdds: words.logOdds };
  if (words.kind === 'same') return words.by === 'judge' ? [{ ...pair, state: 'same' }] : [];
  const worthAsking = couldPay(deps, candidate, context);
  if (codesOf(offer).length === 0 || !isSure(candidate)) {
    candidate.product = null;
    candidate.snapshot = null;
  }
  if (words.kind === 'unknown') return words.judged ? [{ ...pair, state: 'different' }] : [];
  return worthAsking ? [{ ...pair, state: 'open' }] : [];
}

/** Judges identified candidates; of those that may pay the rivals on the selling channel are counted, and those that look worth buying are asked about at Amazon: each is judged again. */
async function judge(deps: OpportunitiesDeps, candidates: readonly Candidate[], context: AssessContext, signal: AbortSignal): Promise<Map<string, Assessment>> {
  const results = new Map<string, Assessment>();
  const hopeful: AssessInput[] = [];
  for (const candidate of candidates) {
    if (candidate.settled) {
      results.set(candidate.offer.id, candidate.settled);
      continue;
    }
    const input = inputOf(deps, candidate);
    const result = assessOffer(input, context);
    results.set(candidate.offer.id, result);
    if (result.kind === 'evaluated' && !isHopeless(result, context.limits)) hopeful.push(input);
  }
  const asked = { products: hopeful.map((i) => i.product), signal };
  const rivals = await countRivals(deps, CARD_CHANNEL, asked);
  const sales = await readChannelSales(deps, CARD_CHANNEL, asked);
  const promising: AssessInput[] = [];
  for (const input of hopeful) {
    const counted = { ...input, rivals: rivals.get(input.product.id) ?? null, sold: sales.get(input.product.id) ?? null };
    const result = counted.rivals === null && counted.sold === null ? results.get(input.offer.id)! : assessOffer(counted, context);
    results.set(input.offer.id, result);
    if (result.kind === 'evaluated' && (result.row.decision !== 'skip' || result.row.verdict === 'profitable')) promising.push(counted);
  }
  for (const input of await askAmazon(deps, promising, signal)) results.set(input.offer.id, assessOffer(input, context));
  return results;
}

/** The same thing twice at one source: the dearer one only points at the cheaper. */
function duplicatesIn(candidates: readonly Candidate[]): Map<string, string> {
  const cheapest = new Map<string, OfferRecord>();
  const duplicates = new Map<string, string>();
  for (const { offer, product } of candidates) {
    if (!product || offer.sellerName === null) continue;
    const key = `${product.id} ${offer.sellerName} ${offer.packSize} ${offer.condition}`;
    const other = cheapest.get(key);
    if (!other) cheapest.set(key, offer);
    else {
      const [keep, drop] = other.priceMinor <= offer.priceMinor ? [other, offer] : [offer, other];
      cheapest.set(key, keep);
      duplicates.set(drop.id, keep.id);
    }
  }
  return duplicates;
}

/** @param asked whether a person is asked what it is. */
function unidentifiedReason({ offer, words }: Candidate, asked: boolean): Reason {
  if (words?.kind === 'unsure') return { code: asked ? 'identity.asked' : 'identity.not-asked', data: { probabilityBp: words.probabilityBp } };
  const codes = codesOf(offer);
  return codes.length > 0 ? { code: 'identity.unknown-code', data: { codes } } : { code: 'identity.unknown-words', data: {} };
}

/** What earlier orders with the seller say, and what other buyers do. */
const weighSigns = (signs: SellerSigns | null, offer: OfferRecord): AssessInput['sellerRisk'] => {
  const severities = [signs?.severity, feedbackRisk(offer)?.severity];
  return severities.includes('block') ? 'block' : severities.includes('warning') ? 'warning' : 'none';
};

const asJson = (reason: Reason) => JSON.stringify(reason);

/** Not even a good outcome earns the least profit wanted: told with the offer, and not listed among opportunities. */
const isHopeless = ({ row }: { readonly row: EvaluatedOffer }, limits: Limits) => row.decision === 'skip' && row.profitHighMinor < limits.minProfit.minor;

function outcomeOf(candidate: Candidate, duplicateOfId: string | null, { result, limits, asked }: { result: Assessment | undefined; limits: Limits; asked: boolean }): OfferOutcome & { contentHash: string } {
  const { offer, product } = candidate;
  const base = { id: offer.id, contentHash: offer.contentHash, productId: product?.id ?? null, duplicateOfId };
  if (candidate.reason) return { ...base, state: 'screened-out', screenReason: asJson(candidate.reason) };
  if (!product || !candidate.snapshot) return { ...base, state: 'unidentified', screenReason: asJson(unidentifiedReason(candidate, asked)) };
  if (duplicateOfId) return { ...base, state: 'screened-out', screenReason: asJson({ code: 'screen.duplicate', data: { offerId: duplicateOfId } }) };
  if (result?.kind === 'no-rate') return { ...base, state: 'screened-out', screenReason: asJson({ code: 'screen.no-rate', data: { currency: result.from, home: result.to } }) };
  if (result?.kind !== 'evaluated') return { ...base, state: 'screened-out', screenReason: asJson({ code: 'screen.no-price', data: {} }) };
  if (isHopeless(result, limits)) {
    const { row } = result;
    const amount = (minor: number) => money(minor, row.currency);
    return { ...base, state: 'screened-out', screenReason: asJson({ code: 'screen.no-profit', data: { profit: amount(row.profitMinor), best: amount(row.profitHighMinor), unitCost: amount(row.unitCostMinor), salePrice: amount(row.salePriceMinor) } }) };
  }
  return { ...base, state: 'evaluated', screenReason: null };
}

/**
 * Takes up the next waiting offers of a source and judges them: a first pass that spends nothing, then data vendors for the survivors, then the
 * arithmetic and the decision. All of the batch is written in one transaction; a killed batch is simply taken up again.
 */
export async function evaluateOffers(deps: OpportunitiesDeps, request: EvaluateRequest): Promise<EvaluatedBatch> {
  const offers = await takeWaiting(deps.ctx.db, request.sourceId, request.limit);
  if (offers.length === 0) return { taken: 0, survivors: 0, written: 0 };
  const limits = (await readSetting(deps.ctx.db, LIMITS)).value;
  const business = (await readSetting(deps.ctx.db, BUSINESS)).value;
  const signs = await deps.sellerRisks?.(request.sourceId);
  const candidates: Candidate[] = offers.map((offer) => ({ offer, sellerRisk: weighSigns(signs?.(offer.sellerName) ?? null, offer), product: null, snapshot: null, reason: null, settled: null, words: null, codedAsin: null, packByPriceBp: null }));
  const context: AssessContext = { limits, business, feeCards: deps.feeCards, calibrations: await readCalibrations(deps.ctx.db), seasons: await readSeasons(deps.ctx.db) };
  await attachKnown(deps, candidates);
  for (const candidate of candidates) candidate.reason = screen(candidate, context, deps.words !== undefined);
  const survivors = candidates.filter((c) => c.reason === null);
  await enrich(deps, survivors, context, request.signal);
  const questions = await identifyByWords(deps, survivors, context, request.signal);
  const identified = survivors.filter((c) => c.product !== null && c.snapshot !== null);
  const duplicates = duplicatesIn(identified);
  const results = await judge(deps, identified.filter((c) => !duplicates.has(c.offer.id)), context, request.signal);
  const rows = [...results.values()].filter((r): r is Extract<Assessment, { kind: 'evaluated' }> => r.kind === 'evaluated').filter((r) => !isHopeless(r, limits)).map((r) => r.row);
  const asked = new Set(questions.filter((q) => q.state === 'open').map((q) => q.offerId));
  const outcomes = candidates.map((c) => outcomeOf(c, duplicates.get(c.offer.id) ?? null, { result: results.get(c.offer.id), limits, asked: asked.has(c.offer.id) }));
  const written = await deps.ctx.db.transaction(async (tx) => {
    // another home currency was chosen while they were judged: these figures are of the old one, and the offers wait to be judged anew
    if ((await readSetting(tx, BUSINESS)).value.homeCurrency !== business.homeCurrency) return 0;
    // removed while its offers were judged: they are withdrawn, and nothing of them opens again
    const source = await tx.source.findUnique({ where: { id: request.sourceId }, select: { removedAt: true } });
    if (source && source.removedAt !== null) return 0;
    await setOutcomes(tx, outcomes);
    await keepPairs(deps.ctx, tx, questions, MATCHER_VERSION);
    if (asked.size > 0) await deps.ctx.outbox.add(tx, 'identity.asked', null, { sourceId: request.sourceId });
    await expireOpen(tx, outcomes.filter((o) => o.state !== 'evaluated').map((o) => o.id));
    const changed = await upsertEvaluations(deps.ctx, tx, rows, deps.ctx.clock.now());
    if (changed > 0) await deps.ctx.outbox.add(tx, 'opportunity.evaluated', null, { sourceId: request.sourceId, count: changed });
    return changed;
  });
  return { taken: offers.length, survivors: survivors.length, written };
}


import type { EngineContext } from '#runtime/ports.ts';
import { isConnectorError } from '#kernel/errors.ts';
import { DAY_MS, type Instant } from '#kernel/time.ts';
import { findPairs, readLearned, wordsKeyOf, type Judged, type OfferWords, type PairRecord } from './identity-pairs.ts';
import type { CatalogItem, CatalogSearchPort, IdentityJudgePort } from './ports.ts';
import { ACCEPT_BP, ASK_BP, isSettled, rankCandidates, type LearnedLayer, type RankedCandidate, type WordsCandidate } from './rank-candidates.ts';
import { plainWords } from './plain-words.ts';
import { searchWords } from './search-words.ts';
import { recordOf, TitleIndex } from './title-index.ts';
import { titlePackSize, type PairScore } from './match/index.ts';

/** Version of the matcher, its model and the weights on top: kept with each question. */
export const MATCHER_VERSION = 'words-1';

export interface WordsDeps {
  readonly ctx: EngineContext;
  /** A market's own search, for what the local catalogue does not hold; null without one. */
  readonly search: CatalogSearchPort | null;
  /** Searches in 24 hours at most; what is left over is searched on the next day. 10,000 unless told: an hour and a half of the market's quota. */
  readonly searchesADay?: number | undefined;
  /** A second opinion on unsure pairs; null without one: a person is asked. */
  readonly judge: IdentityJudgePort | null;
}

/** How words came to a product: by a person's decision, by the judge's, or by the matcher. */
export interface WordsVerdict {
  readonly offerId: string;
  readonly wordsKey: string;
  readonly kind: 'same' | 'unsure' | 'unknown';
  /** The market's id of the product; null with `unknown`. */
  readonly asin: string | null;
  readonly probabilityBp: number;
  readonly by: 'person' | 'judge' | 'words';
  readonly logOdds: number;
  readonly packUnknown: boolean;
  /** The page names no pack, and its weight is this product's pack and not one piece. */
  readonly packByWeight: boolean;
  /** The market's ids of packs of what the offer names, which it says nothing of: its price may tell. */
  readonly silentPacks: readonly string[];
  /** The market's id of one piece of what the offer names, where it says nothing of packs; null where none is known. */
  readonly silentPiece: string | null;
  readonly judged: Judged | null;
}

/** An offer and the product that its words may mean. */
export interface UnsurePair { readonly offer: OfferWords; readonly verdict: WordsVerdict }

const LOCAL_CANDIDATES = 8;
/** A page of the market's search costs one call however long it is. */
const SEARCHED = 20;
/** The same words are ranked and searched anew after this: catalogues grow slowly. */
const RANKING_HOLDS_MS = 14 * DAY_MS;
const MOST_RANKINGS_KEPT = 50_000;
/** Candidates that are kept of a ranking: those that a decision may rule out, and the next. */
const CANDIDATES_KEPT = 6;
/** Unsure pairs that are put to the judge in one batch of offers. */
const MOST_JUDGED = 40;
const DECIDED_BP = 9_900;

const SEARCHES_A_DAY = 10_000;
const MOST_SEARCHES_KEPT = 20_000;
/** Found products that are kept ready for comparing; a few kilobytes each. */
const MOST_FOUND_KEPT = 10_000;

interface Ranking { readonly at: Instant; readonly learnedVersion: number; readonly candidates: readonly RankedCandidate[] }

/** Says what offers are by their words alone: blocking over the local catalogue, the market's search where that is not sure, then the matcher, its vetoes and what was decided before. */
export class WordsIdentifier {
  readonly #deps: WordsDeps;
  readonly #index = new TitleIndex();
  /** By words; a price that moves asks nothing anew. */
  readonly #rankings = new Map<string, Ranking>();

  /** What was found by a search's words: other wordings of a thing often come to the same ones. */
  readonly #searches = new Map<string, { readonly at: Instant; readonly items: readonly CatalogItem[] }>();
  #searched = { since: 0 as Instant, count: 0 };
  /** Found products that the local catalogue does not hold, by the market's id. */
  readonly #found = new Map<string, WordsCandidate>();

  constructor(deps: WordsDeps) {
    this.#deps = deps;
  }

  /** One verdict for each offer, in their order. Spends the search's quota on what the local catalogue does not settle; a search that fails leaves what is known. */
  async identify(offers: readonly OfferWords[], signal: AbortSignal): Promise<WordsVerdict[]> {
    if (offers.length === 0) return [];
    const { db } = this.#deps.ctx;
    await this.#index.grow(db);
    const learned = await readLearned(db);
    const keys = offers.map((offer) => wordsKeyOf(offer));
    const asked = await findPairs(db, keys);
    const asins = await this.#asinsOf([...asked.values()].flat());
    const verdicts: WordsVerdict[] = [];
    for (const [i, offer] of offers.entries()) {
      signal.throwIfAborted();
      verdicts.push(await this.#one(offer, { wordsKey: keys[i]!, pairs: asked.get(keys[i]!) ?? [], asins, learned, signal }));
    }
    return verdicts;
  }

  /** The verdicts after the judge's opinions, in their order; kept ones first. Give it only what a person would be asked about: each opinion costs. */
  async judge(unsure: readonly UnsurePair[], signal: AbortSignal): Promise<WordsVerdict[]> {
    const { judge, ctx } = this.#deps;
    if (!judge || unsure.length === 0) return unsure.map(({ verdict }) => verdict);
    const kept = await findPairs(ctx.db, unsure.map(({ verdict }) => verdict.wordsKey));
    const asins = await this.#asinsOf([...kept.values()].flat());
    const verdicts: WordsVerdict[] = [];
    let asked = 0;
    for (const { offer, verdict } of unsure) {
      signal.throwIfAborted();
      const known = kept.get(verdict.wordsKey)?.find((pair) => asins.get(pair.productId) === verdict.asin)?.judged;
      let judged = known?.version === judge.version ? known : null;
      if (judged === null && asked < MOST_JUDGED) {
        asked += 1;
        judged = await this.#ask(judge, { offer, verdict }, signal);
      }
      verdicts.push(judged === null ? verdict : afterOpinion(verdict, judged));
    }
    return verdicts;
  }

  async #asinsOf(pairs: readonly PairRecord[]): Promise<Map<string, string>> {
    if (pairs.length === 0) return new Map();
    const rows = await this.#deps.ctx.db.prisma.product.findMany({ where: { id: { in: [...new Set(pairs.map((p) => p.productId))] } }, select: { id: true, asin: true } });
    return new Map(rows.flatMap((row) => (row.asin ? [[row.id, row.asin] as const] : [])));
  }

  async #one(offer: OfferWords, how: { wordsKey: string; pairs: readonly PairRecord[]; asins: ReadonlyMap<string, string>; learned: LearnedLayer; signal: AbortSignal }): Promise<WordsVerdict> {
    const { wordsKey, pairs, asins } = how;
    const base = { offerId: offer.offerId, wordsKey, judged: null };
    const decided = pairs.find((p) => p.state === 'same' && asins.has(p.productId));
    if (decided) return { ...base, kind: 'same', asin: asins.get(decided.productId)!, probabilityBp: DECIDED_BP, by: decided.decidedBy === 'judge' ? 'judge' : 'person', logOdds: 0, packUnknown: false, packByWeight: false, silentPacks: [], silentPiece: null };
    const ruledOut = new Set(pairs.filter((p) => p.state === 'different').map((p) => asins.get(p.productId)));
    const ranking = (await this.#ranking(offer, how)).filter((candidate) => !ruledOut.has(candidate.asin));
    const [best] = ranking;
    const silentPacks = ranking.filter((candidate) => candidate.silentPack).map((candidate) => candidate.asin);
    const silentPiece = ranking.find((candidate) => candidate.silentPiece)?.asin ?? null;
    if (!best || best.probabilityBp < ASK_BP || best.vetoes.length > 0) return { ...base, kind: 'unknown', asin: null, probabilityBp: best?.probabilityBp ?? 0, by: 'words', logOdds: best?.logOdds ?? 0, packUnknown: false, packByWeight: false, silentPacks, silentPiece };
    return { ...base, kind: best.probabilityBp >= ACCEPT_BP ? 'same' : 'unsure', asin: best.asin, probabilityBp: best.probabilityBp, by: 'words', logOdds: best.logOdds, packUnknown: best.packUnknown, packByWeight: best.packByWeight, silentPacks, silentPiece };
  }

  async #ranking(offer: OfferWords, how: { wordsKey: string; learned: LearnedLayer; signal: AbortSignal }): Promise<readonly RankedCandidate[]> {
    const { weightG = null, codedAsin = null } = offer;
    const key = `${how.wordsKey} ${weightG ?? ''} ${codedAsin ?? ''}`;
    const kept = this.#rankings.get(key);
    const now = this.#deps.ctx.clock.now();
    if (kept && now - kept.at < RANKING_HOLDS_MS && kept.learnedVersion === how.learned.version) return kept.candidates;
    const record = this.#index.vocabulary.prepare(recordOf(offer));
    const local: WordsCandidate[] = this.#index.candidates(record, LOCAL_CANDIDATES);
    const options = { learned: how.learned, scores: new Map<string, PairScore>() };
    const beside = { packSize: offer.packSize, weightG, codedAsin };
    if (codedAsin !== null && !local.some(({ asin }) => asin === codedAsin)) local.push(...[this.#index.find(codedAsin)].filter((known) => known !== null));
    let ranked: readonly RankedCandidate[] = rankCandidates({ record, ...beside }, local, options);
    if (!isSettled(ranked[0])) {
      const found = await this.#search(searchWords(record, offer), how.signal);
      // a search that failed is not the market's last word
      if (found === null) return ranked;
      const all = new Map(local.map((candidate) => [candidate.asin, candidate]));
      for (const item of found) if (!all.has(item.externalId)) all.set(item.externalId, this.#candidateOf(item));
      ranked = this.#rankPlainly(offer, { record, ...beside }, { candidates: [...all.values()], ...options });
    }
    if (this.#rankings.size >= MOST_RANKINGS_KEPT) this.#rankings.clear();
    this.#rankings.set(key, { at: now, learnedVersion: how.learned.version, candidates: ranked.slice(0, CANDIDATES_KEPT) });
    return ranked;
  }

  /** By the words as they stand, and where these are a seller's or cut short by what they mean: the products at hand tell. */
  #rankPlainly(offer: OfferWords, asked: Parameters<typeof rankCandidates>[0], { candidates, ...options }: { candidates: readonly WordsCandidate[]; learned: LearnedLayer; scores: Map<string, PairScore> }): readonly RankedCandidate[] {
    const known = new Set(candidates.flatMap(({ record }) => record.words));
    const title = plainWords(offer.title, known);
    if (title === '' || title === offer.title) return rankCandidates(asked, candidates, options);
    return rankCandidates({ ...asked, record: this.#index.vocabulary.prepare(recordOf({ ...offer, title })) }, candidates, { learned: options.learned });
  }

  #candidateOf(item: CatalogItem): WordsCandidate {
    const title = item.title ?? '';
    const local = this.#index.find(item.externalId);
    if (local) return local;
    const held = this.#found.get(item.externalId);
    if (held?.title === title) return held;
    const candidate = { asin: item.externalId, title, record: this.#index.vocabulary.prepare(recordOf({ title, brand: item.brand ?? null, mpn: item.partNumber ?? item.model ?? null })), weightG: (item.packageMeasures ?? item.itemMeasures)?.weightGrams ?? null };
    if (this.#found.size >= MOST_FOUND_KEPT) this.#found.clear();
    this.#found.set(item.externalId, candidate);
    return candidate;
  }

  /** Null when the search did not answer, or the day's searches are used up. Empty without one. */
  async #search(words: string, signal: AbortSignal): Promise<readonly CatalogItem[] | null> {
    const { search, ctx } = this.#deps;
    if (!search || words === '') return [];
    const now = ctx.clock.now();
    const kept = this.#searches.get(words);
    if (kept && now - kept.at < RANKING_HOLDS_MS) return kept.items;
    if (now - this.#searched.since >= DAY_MS) this.#searched = { since: now, count: 0 };
    if (this.#searched.count >= (this.#deps.searchesADay ?? SEARCHES_A_DAY)) return null;
    this.#searched.count += 1;
    try {
      const { items } = await search.search(words, { signal, most: SEARCHED });
      const usable = items.filter((item) => item.title !== undefined && (item.kind === 'standard' || item.kind === 'price-hidden'));
      if (this.#searches.size >= MOST_SEARCHES_KEPT) this.#searches.clear();
      this.#searches.set(words, { at: now, items: usable });
      return usable;
    } catch (error) {
      if (!isConnectorError(error)) throw error;
      ctx.log.warn('the catalogue search did not answer', { reason: error.message });
      return null;
    }
  }

  /** Null where it does not answer: the question is left to a person. */
  async #ask(judge: IdentityJudgePort, { offer, verdict }: UnsurePair, signal: AbortSignal): Promise<Judged | null> {
    const product = verdict.asin === null ? null : (this.#index.find(verdict.asin) ?? this.#found.get(verdict.asin));
    if (!product) return null;
    try {
      const opinion = await judge.judge({
        offer: { title: offer.title, brand: offer.brand, partNumber: offer.mpn, packSize: offer.packSize },
        product: { title: product.title, brand: product.record.brand || null, partNumber: product.record.model || null, packSize: titlePackSize(product.title) },
      }, { signal });
      return { version: judge.version, ...opinion };
    } catch (error) {
      if (!isConnectorError(error)) throw error;
      this.#deps.ctx.log.warn('the judge of identity did not answer', { reason: error.message });
      return null;
    }
  }
}

function afterOpinion(verdict: WordsVerdict, judged: Judged): WordsVerdict {
  // a pack that nobody names is for a person to look up
  if (judged.verdict === 'same' && !verdict.packUnknown) return { ...verdict, kind: 'same', by: 'judge', judged };
  return { ...verdict, kind: judged.verdict === 'different' ? 'unknown' : 'unsure', judged };
}

import { lineOf } from './line-of.ts';
import { isSellersWord } from './search-words.ts';
import { compareVariants, scorePair, titlePackSize, type PairScore, type PreparedRecord, type VariantAgreement, type VetoCode } from './match/index.ts';

/** A product that an offer's words may mean. */
export interface WordsCandidate {
  /** The market's own id. */
  readonly asin: string;
  readonly title: string;
  readonly record: PreparedRecord;
  /** Of the parcel or the thing; null or absent where the catalogue does not say. */
  readonly weightG?: number | null;
}

/** What own decisions added to the matcher: probability = sigmoid(slope × log odds + offset). */
export interface LearnedLayer {
  readonly version: number;
  readonly slope: number;
  readonly offset: number;
}
export const UNLEARNED: LearnedLayer = { version: 0, slope: 1, offset: 0 };

export interface RankedCandidate {
  readonly asin: string;
  readonly title: string;
  readonly probabilityBp: number;
  /** Before the learned layer, log odds: what it is learned from. */
  readonly logOdds: number;
  readonly vetoes: readonly VetoCode[];
  readonly variants: VariantAgreement;
  /** The whole maker's number agrees, its ending for colour and size included. */
  readonly modelEqual: boolean;
  /** One side names a pack, or only the catalogue does. */
  readonly packUnknown: boolean;
  /** The offer names no pack, and weighs what this one does and not what one piece does. */
  readonly packByWeight: boolean;
  /** A pack of what the offer names, while the offer says nothing of packs: what its price may tell. */
  readonly silentPack: boolean;
  /** One piece of what the offer names, while the offer says nothing of packs. */
  readonly silentPiece: boolean;
  /** The page's weight is that of something else. */
  readonly weighsOther: boolean;
}

/** From here on an offer is taken for the product without asking. */
export const ACCEPT_BP = 8_500;
/** From here on a person is asked. */
export const ASK_BP = 2_500;
/** A conflict of variants, or a pack that one side alone names, is never accepted unasked. */
const DOUBTFUL_BP = ACCEPT_BP - 1;

const logit = (p: number) => Math.log(Math.max(1e-6, p) / Math.max(1e-6, 1 - p));
const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

/** A maker's number in common outweighs what a shop shortened or translated; each rival that is as likely takes trust away. Weights of this program, checked in the practice world. */
const MODEL_EQUAL = 3.5;
const MODEL_PREFIX = 1.5;
/** Every word of the product's name, makers' numbers aside, is in the offer's, and what the offer has beyond is a seller's talk. */
const NAME_CONTAINED = 2.5;
const MODEL_CONFLICT = -2.5;
const RIVAL_WEIGHT = 0.35;
const MOST_GAP = 5;
/** The offer names another maker. */
const BRAND_CONFLICT = -4;
const VARIANT_ONE_SIDED = -1;
const VARIANT_CONFLICT = -4;

/** `k2`, `s9`: too short to be a maker's number beyond doubt, yet never the same thing as another. */
const SHORT_CODE = /^(?=.*\d)(?=.*\p{L})[\p{L}\d]{2,3}$/u;
const NO_CODE = /^(?:x\d+|\d+(?:x|st|nd|rd|th|th|ct|pk|pc|gb|tb|mb|oz|ml|cl|mm|cm|kg|lb|in|ft|m|l|g|w|v|p))$/;

const codesOf = (record: PreparedRecord) => record.words.filter((word) => SHORT_CODE.test(word) && !NO_CODE.test(word));

function shortCodesConflict(a: PreparedRecord, b: PreparedRecord): boolean {
  const [own, other] = [codesOf(a), codesOf(b)];
  return own.length > 0 && other.length > 0 && !own.some((code) => other.includes(code));
}

function modelSign(a: PreparedRecord, b: PreparedRecord): number {
  if (shortCodesConflict(a, b)) return MODEL_CONFLICT;
  const modelsA = [...a.facts.models, ...(a.model.length >= 4 ? [a.model] : [])];
  const modelsB = [...b.facts.models, ...(b.model.length >= 4 ? [b.model] : [])];
  if (modelsA.length === 0 || modelsB.length === 0) return 0;
  const own = b.model.length >= 4 ? b.model : modelsB[0]!;
  // the number that ends in colour or size names one sibling; its stem names them all
  if (modelsA.some((m) => m === own)) return MODEL_EQUAL;
  const stem = modelsA.some((m) => modelsB.some((n) => Math.min(m.length, n.length) >= 5 && (m.startsWith(n) || n.startsWith(m))));
  return stem ? MODEL_PREFIX : MODEL_CONFLICT;
}

function nameSign(offer: PreparedRecord, product: PreparedRecord): number {
  const { models } = product.facts;
  const missing = product.words.some((word) => !models.includes(word) && !offer.wordSet.has(word) && !product.brandWords.has(word));
  if (missing) return 0;
  const beyond = offer.words.filter((word) => !product.wordSet.has(word) && !isSellersWord(word));
  return beyond.some((word) => /\d/.test(word)) || beyond.length > 4 ? 0 : NAME_CONTAINED;
}

/** Both name a maker, and neither name is part of the other nor of the other's title. */
function brandConflicts(a: PreparedRecord, b: PreparedRecord): boolean {
  if (a.brand === '' || b.brand === '' || a.brand.startsWith(b.brand) || b.brand.startsWith(a.brand)) return false;
  return !a.joined.includes(b.brand) && !b.joined.includes(a.brand);
}

/** Shops and catalogues weigh with and without the box. */
const WEIGHT_SAME = 0.1;
const WEIGHT_SAME_G = 5;
/** Printed from the same sheet: rounded to hundredths of a pound. */
const WEIGHT_EXACT = 0.01;
const WEIGHT_EXACT_G = 3;
const WEIGHT_OTHER = 1.6;
const WEIGHT_OTHER_G = 30;
const WEIGHT_EQUAL = 1.5;
const WEIGHT_EXACTLY = 3;
const WEIGHT_CONFLICT = -2;
/** The page's silence on a pack, settled. */
const PACK_BY_WEIGHT = 3;

const weighsSame = (a: number, b: number) => Math.abs(a - b) <= Math.max(WEIGHT_SAME_G, WEIGHT_SAME * Math.max(a, b));
const weighsExactly = (a: number, b: number) => Math.abs(a - b) <= Math.max(WEIGHT_EXACT_G, WEIGHT_EXACT * Math.max(a, b));
const weighsOther = (a: number, b: number) => Math.abs(a - b) >= WEIGHT_OTHER_G && Math.max(a, b) >= WEIGHT_OTHER * Math.min(a, b);

function weightSign(offerG: number | null, productG: number | null): number {
  if (offerG === null || productG === null) return 0;
  if (weighsExactly(offerG, productG)) return WEIGHT_EXACTLY;
  return weighsSame(offerG, productG) ? WEIGHT_EQUAL : weighsOther(offerG, productG) ? WEIGHT_CONFLICT : 0;
}

/** The page's own code, which may be damaged or copied, names the same product as its words, or one piece of the pack that they name. */
const CODE_AGREES = 3;

function codeSign({ codedAsin = null, packSize }: AskedOffer, { asin, title }: WordsCandidate, candidates: readonly WordsCandidate[]): number {
  if (codedAsin === null) return 0;
  if (codedAsin === asin) return CODE_AGREES;
  const coded = candidates.find((other) => other.asin === codedAsin);
  const isItsPack = coded !== undefined && packSize > 1 && packSize === titlePackSize(title) && titlePackSize(coded.title) === 1 && lineOf(title) === lineOf(coded.title);
  return isItsPack ? CODE_AGREES : 0;
}

/** `codedAsin`: what the page's own code names, where it names one product. */
interface AskedOffer { readonly record: PreparedRecord; readonly packSize: number; readonly weightG?: number | null; readonly codedAsin?: string | null }

/** Words of a pack, which a page that is silent on packs leaves out. */
const PACK_WORD = /^(?:\d{1,3}|x\d{1,3}|pack|packs|set|lot|of|count|ct|pcs)$/;

/** The offer has the whole maker's number, or every word of the product's name and no other number. */
const namesAll = (offer: PreparedRecord, product: PreparedRecord) =>
  modelSign(offer, product) === MODEL_EQUAL || modelSign(offer, product) >= 0 && product.words.every((word) => offer.wordSet.has(word) || product.brandWords.has(word) || product.facts.models.includes(word) || PACK_WORD.test(word));

const isSilent = ({ record, packSize }: AskedOffer) => packSize <= 1 && record.facts.packSize === null;

/** A page that is silent on packs, whose weight is that of a pack and neither a piece's by the pack's own weight nor that of any single product among the candidates. */
function weighsAsPack({ record, packSize, weightG = null }: AskedOffer, candidate: WordsCandidate, candidates: readonly WordsCandidate[]): boolean {
  const { weightG: productG = null } = candidate;
  const pack = titlePackSize(candidate.title);
  if (weightG === null || productG === null || pack <= 1 || !isSilent({ record, packSize })) return false;
  if (!weighsSame(weightG, productG) || !weighsOther(weightG, productG / pack) || !namesAll(record, candidate.record)) return false;
  return !candidates.some((other) => titlePackSize(other.title) === 1 && other.weightG !== null && other.weightG !== undefined && namesAll(record, other.record) && weighsSame(weightG, other.weightG));
}

export interface RankOptions {
  readonly learned?: LearnedLayer;
  /** Of the same offer's pairs, by the product's id: filled, so that a longer list scores only what is new. */
  readonly scores?: Map<string, PairScore>;
}

/** Candidates of an offer, likeliest first: the matcher's probability, then the maker's number, the variant, and how far the next one is behind. Pure. */
export function rankCandidates(offer: AskedOffer, candidates: readonly WordsCandidate[], { learned = UNLEARNED, scores = new Map() }: RankOptions = {}): RankedCandidate[] {
  const scored = candidates.map((candidate) => {
    const pair = scores.get(candidate.asin) ?? scorePair(offer.record, candidate.record);
    scores.set(candidate.asin, pair);
    const variants = compareVariants(offer.record.facts, candidate.record.facts);
    const pack = titlePackSize(candidate.title);
    const vetoes: VetoCode[] = pair.vetoes.map((v) => v.code);
    if (offer.packSize !== pack && offer.packSize > 1 && !vetoes.includes('pack.conflict')) vetoes.push('pack.conflict');
    const model = modelSign(offer.record, candidate.record);
    const packByWeight = weighsAsPack(offer, candidate, candidates);
    const weight = weightSign(offer.weightG ?? null, candidate.weightG ?? null);
    const own = logit(pair.probability) + model + weight + (packByWeight ? PACK_BY_WEIGHT : 0) + codeSign(offer, candidate, candidates) + nameSign(offer.record, candidate.record) + (brandConflicts(offer.record, candidate.record) ? BRAND_CONFLICT : 0) + (variants === 'one-sided' ? VARIANT_ONE_SIDED : variants === 'conflict' ? VARIANT_CONFLICT : 0);
    const isNamedSilently = isSilent(offer) && vetoes.length === 0 && variants !== 'conflict' && namesAll(offer.record, candidate.record);
    return { candidate, own, model, variants, vetoes, packByWeight, silentPack: isNamedSilently && pack > 1, silentPiece: isNamedSilently && pack === 1, weighsOther: weight === WEIGHT_CONFLICT, packUnknown: offer.packSize !== pack && !packByWeight };
  });
  const ranked = scored.toSorted((a, b) => Number(a.vetoes.length > 0) - Number(b.vetoes.length > 0) || b.own - a.own || (a.packUnknown ? 1 : 0) - (b.packUnknown ? 1 : 0) || (a.candidate.asin < b.candidate.asin ? -1 : 1));
  return ranked.map((one, i): RankedCandidate => {
    const rivals = ranked.filter((other, j) => j !== i && other.vetoes.length === 0 && !(other.packUnknown && !one.packUnknown));
    const gap = Math.max(-MOST_GAP, Math.min(MOST_GAP, one.own - Math.max(-4, ...rivals.map((r) => r.own))));
    const logOdds = one.own + RIVAL_WEIGHT * gap;
    const probability = Math.round(10_000 * sigmoid(learned.slope * logOdds + learned.offset));
    const doubtful = one.variants === 'conflict' || (one.variants === 'one-sided' && one.model < MODEL_EQUAL && gap < MOST_GAP) || one.packUnknown || gap < 0.7;
    const capped = one.vetoes.length > 0 ? Math.min(100, probability) : doubtful ? Math.min(DOUBTFUL_BP, probability) : probability;
    return { asin: one.candidate.asin, title: one.candidate.title, probabilityBp: Math.min(9_900, capped), logOdds, vetoes: one.vetoes, variants: one.variants, modelEqual: one.model === MODEL_EQUAL, packUnknown: one.packUnknown, packByWeight: one.packByWeight, silentPack: one.silentPack, silentPiece: one.silentPiece, weighsOther: one.weighsOther };
  });
}

/** Sure enough among the products that are known already: the whole maker's number and the variant agree, and nothing speaks of a pack, so that no sibling can be nearer. */
export const isSettled = (best: RankedCandidate | undefined): boolean => best !== undefined && best.probabilityBp >= ACCEPT_BP && best.modelEqual && best.variants === 'same' && !best.weighsOther;

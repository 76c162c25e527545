/** Is this the same product? Facts out of titles, features of pairs, a calibrated scorer, and candidates out of a catalogue. Pure. */
export { extractTitleFacts, packSizeOf, plainTitle, titlePackSize, tokenise, type Measure, type TitleFacts } from './extract-title-facts.ts';
export { Vocabulary, type MatchRecord, type PreparedRecord } from './vocabulary.ts';
export { CARRIED_FEATURES, FEATURES, pairFeatures } from './pair-features.ts';
export { bestThreshold, FIT_DEFAULTS, fitMatchModel, fitPlatt, foldsOf, matchProbability, type Fitted, type FitOptions, type MatchModel } from './match-model.ts';
export { fitCompetition, resolveCompetition, type ScoredPair } from './resolve-competition.ts';
export { CatalogueIndex } from './catalogue-index.ts';
export { defaultMatchModel, scorePair, vetoesOf, type PairScore, type Veto, type VetoCode } from './score-pair.ts';
export { compareVariants, type VariantAgreement } from './compare-variants.ts';

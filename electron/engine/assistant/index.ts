/** The one way to a language model: sealed data in, checked text or opinion out, within a budget, and without a key plainly none. */
export { createAssistant, type AnswerMeta, type Asked, type Assistant, type Question } from './assistant.ts';
export type { AssistantDeps } from './deps.ts';
export { readAiPrices, type AiPriceCard } from './price-card.ts';
export { createAssistantProcedures } from './procedures.ts';
export { cleanText, maskPersonal, sealData } from './seal-data.ts';
export { AI, DEFAULT_AI } from './settings-key.ts';

import type { AiSettings } from '#contract/assistant.ts';
import type { EngineContext } from '#runtime/ports.ts';
import type { LanguageModelPort } from './ports.ts';
import type { AiPriceCard } from './price-card.ts';

export interface AssistantDeps {
  readonly ctx: EngineContext;
  readonly prices: AiPriceCard;
  /** The chosen provider, or null where its account is not complete. */
  readonly model: (settings: AiSettings) => Promise<LanguageModelPort | null>;
}

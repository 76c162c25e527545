import { aiSettingsSchema, type AiSettings } from '#contract/assistant.ts';
import type { SettingKey } from '../settings/index.ts';

/** Off until a person turns it on: every question sends what it is about to another company, and costs money. */
export const DEFAULT_AI: AiSettings = {
  provider: 'off',
  models: { openai: 'gpt-4.1-mini', anthropic: 'claude-haiku-5-5' },
  baseUrl: null,
  budgetPerDay: { minor: 100, currency: 'USD' },
  ownPrice: null,
  purposes: ['opinion', 'match', 'extract', 'negotiate', 'describe', 'reply'],
};

export const AI: SettingKey<AiSettings> = { key: 'assistant', schema: aiSettingsSchema, fallback: DEFAULT_AI };

import { ANTHROPIC_URL, createAnthropic } from '#connectors/ai/anthropic/index.ts';
import { createOpenAi, OPENAI_URL } from '#connectors/ai/openai/index.ts';
import type { AiSettings } from '#contract/assistant.ts';
import type { LanguageModelPort } from '#engine/assistant/ports.ts';
import type { ConnectionPort } from '#engine/settings/ports.ts';
import type { AppOptions } from './options.ts';

const FIELDS = [{ name: 'key', label: 'API key', secret: true }] as const;

export interface AiModels {
  /** The chosen provider; null where its key is not there. A server on this machine needs none. */
  readonly model: (settings: AiSettings) => Promise<LanguageModelPort | null>;
  ports(): ConnectionPort[];
}

/** Language models by the accounts in the keychain; in the practice market by the one that it brings, whatever the settings name. */
export function createAiModels({ practice, secrets, clock, random }: AppOptions, readSettings: () => Promise<AiSettings>): AiModels {
  const practiceUrl = practice ? (practice.baseUrls['ai'] ?? 'http://127.0.0.1:1') : null;
  const keyOf = async (vendor: 'openai' | 'anthropic') => (practice ? (practice.keys.ai?.key ?? null) : await secrets.get(`${vendor}/key`));
  const openai = (baseUrl: string | null) => createOpenAi({ clock, random, baseUrl: practiceUrl === null ? (baseUrl ?? OPENAI_URL) : `${practiceUrl}/v1`, credentials: async () => ({ key: (await keyOf('openai')) ?? '' }) });
  const anthropic = () => createAnthropic({ clock, random, baseUrl: practiceUrl ?? ANTHROPIC_URL, credentials: async () => ({ key: (await keyOf('anthropic')) ?? '' }) });
  // the practice models stand on this machine, and are paid for as the real ones are
  const paid = (port: LanguageModelPort): LanguageModelPort => (practice ? { ...port, local: false } : port);
  return {
    model: async (settings) => {
      if (settings.provider === 'off') return null;
      const port = settings.provider === 'openai' ? openai(settings.baseUrl) : anthropic();
      return (port.local && !practice) || (await keyOf(settings.provider)) !== null ? paid(port) : null;
    },
    ports: () => [
      { id: 'openai', name: 'OpenAI, or a server of the same protocol', baseUrl: OPENAI_URL, fields: FIELDS, check: async () => openai((await readSettings()).baseUrl).check() },
      { id: 'anthropic', name: 'Anthropic', baseUrl: ANTHROPIC_URL, fields: FIELDS, check: () => anthropic().check() },
    ],
  };
}

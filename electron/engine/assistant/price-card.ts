import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { aiPriceSchema, aiVendor, type AiSettings } from '#contract/assistant.ts';
import type { TokenUsage } from './ports.ts';

const cardSchema = z.strictObject({
  id: z.string(), version: z.iso.date(), effectiveFrom: z.iso.date(), currency: z.string().regex(/^[A-Z]{3}$/), note: z.string(),
  models: z.array(aiPriceSchema.extend({ vendor: aiVendor, model: z.string(), source: z.string(), confidence: z.enum(['high', 'medium', 'low']) })),
});
/** What models cost, with where each figure comes from. */
export type AiPriceCard = z.infer<typeof cardSchema>;

/** The newest card of the folder by its version. @throws Error naming the file that cannot be read. */
export function readAiPrices(dir: string): AiPriceCard {
  const cards = readdirSync(dir).filter((name) => name.endsWith('.json')).map((name) => {
    const parsed = cardSchema.safeParse(JSON.parse(readFileSync(path.join(dir, name), 'utf8')));
    if (!parsed.success) throw new Error(`${name} is no card of AI prices: ${z.prettifyError(parsed.error)}`);
    return parsed.data;
  });
  const newest = cards.toSorted((a, b) => (a.version < b.version ? 1 : -1))[0];
  if (!newest) throw new Error(`there is no card of AI prices in ${dir}`);
  return newest;
}

export interface ModelPrice {
  readonly inputPerMillionMinor: number;
  readonly outputPerMillionMinor: number;
  readonly source: string;
  /** `ai-prices@2026-11-21`, `own`, `local`. */
  readonly version: string;
}

/** A dated snapshot (`gpt-4.1-mini-2025-04-14`, `claude-haiku-4-5-20251001`) costs what its model does. */
const withoutDate = (model: string) => model.replace(/-(?:\d{4}-\d{2}-\d{2}|\d{8}|latest)$/, '');

/** Null: not known, and then nothing is asked, because a budget could not be kept. */
export function priceOf(card: AiPriceCard, settings: AiSettings, local: boolean): ModelPrice | null {
  if (settings.ownPrice) return { ...settings.ownPrice, source: 'settings', version: 'own' };
  if (local) return { inputPerMillionMinor: 0, outputPerMillionMinor: 0, source: 'runs on this machine', version: 'local' };
  if (settings.provider === 'off' || (settings.provider === 'openai' && settings.baseUrl !== null && !settings.baseUrl.includes('openai.com'))) return null;
  const model = withoutDate(settings.models[settings.provider]);
  const found = card.models.find((one) => one.vendor === settings.provider && one.model === model);
  return found ? { inputPerMillionMinor: found.inputPerMillionMinor, outputPerMillionMinor: found.outputPerMillionMinor, source: found.source, version: `${card.id}@${card.version}` } : null;
}

/** Millionths of a minor unit, exactly: tokens × minor units for a million of them. */
export function costMicro(price: ModelPrice, usage: TokenUsage): number {
  return usage.inputTokens * price.inputPerMillionMinor + usage.outputTokens * price.outputPerMillionMinor;
}

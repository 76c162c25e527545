import { z } from 'zod';
import { appearanceSchema, businessSchema, limitsSchema, type Appearance, type Business, type Limits } from '#contract/settings.ts';
import { modeSchema } from '#contract/system.ts';
import { DEFAULT_APPEARANCE, DEFAULT_BUSINESS, DEFAULT_LIMITS } from './defaults.ts';
import type { SettingKey } from './repo.ts';

export const LIMITS: SettingKey<Limits> = { key: 'limits', schema: limitsSchema, fallback: DEFAULT_LIMITS };
export const BUSINESS: SettingKey<Business> = { key: 'business', schema: businessSchema, fallback: DEFAULT_BUSINESS };
export const APPEARANCE: SettingKey<Appearance> = { key: 'appearance', schema: appearanceSchema, fallback: DEFAULT_APPEARANCE };
export const KILL_SWITCH: SettingKey<{ on: boolean }> = { key: 'kill-switch', schema: z.strictObject({ on: z.boolean() }), fallback: { on: false } };
/** Which market this database belongs to. Chosen once: practice figures and real money never share a file. */
export const MODE: SettingKey<{ mode: 'practice' | 'live' | null }> = { key: 'mode', schema: z.strictObject({ mode: modeSchema.nullable() }), fallback: { mode: null } };
export const CONNECTION_CHECKS: SettingKey<Record<string, { at: number; error: string | null }>> = {
  key: 'connection-checks', schema: z.record(z.string(), z.strictObject({ at: z.int(), error: z.string().nullable() })), fallback: {},
};

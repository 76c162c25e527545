import { reorderSettings, type ReorderSettings } from '#contract/reorder.ts';
import type { SettingKey } from '../settings/index.ts';

/** Assumptions of this program, for a person to correct: no vendor's delivery times were read. */
export const REORDER: SettingKey<ReorderSettings> = { key: 'reorder', schema: reorderSettings, fallback: { serviceBp: 9_000, reviewDays: 7, leadDays: 10, leadSdDays: 4 } };

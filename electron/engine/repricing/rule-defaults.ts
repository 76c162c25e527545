import { repriceSettings, type RepriceRule, type RepriceSettings } from '#contract/repricing.ts';
import type { SettingKey } from '../settings/index.ts';

/** Clearance and holding are assumptions of this program, for a person to correct. */
export const DEFAULT_RULE: RepriceRule = {
  strategy: 'optimise', minRoiBp: 500, ceilingBp: 13_000, undercutBp: 100, marginBp: 2_500, sellWithinDays: 30, clearanceBp: 5_000, holdingBpPerYear: 2_000, search: true, leastChangeBp: 100, leastHours: 12, changesPerDay: 4,
};

/** Off until a person turns it on, in practice too. */
export const REPRICING: SettingKey<RepriceSettings> = { key: 'repricing', schema: repriceSettings, fallback: { on: false, rule: DEFAULT_RULE, sets: [] } };

export function ruleFor(settings: RepriceSettings, category: string | null): RepriceRule {
  return settings.sets.find((set) => set.category === category)?.rule ?? settings.rule;
}

export { DEFAULT_LIMITS, PRACTICE_BUSINESS, PRACTICE_RATES } from './defaults.ts';
export { APPEARANCE, BUSINESS, KILL_SWITCH, LIMITS, MODE } from './keys.ts';
export { putSetting, readSetting, writeSetting, type SettingKey, type Versioned } from './repo.ts';
export { createSettingsProcedures } from './procedures.ts';
export type { SettingsDeps } from './deps.ts';
export { homeRate, type BusinessRate } from './home-rate.ts';
export { homeSum, homeValue, type HomeSum } from './home-value.ts';
export { localCurrencies } from './local-currencies.ts';

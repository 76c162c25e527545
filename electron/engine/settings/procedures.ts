import { implement } from '@orpc/server';
import { declaredErrors } from '#contract/errors.ts';
import { settingsContract, type Business, type Limits } from '#contract/settings.ts';
import { DomainError } from '#kernel/errors.ts';
import { checkConnection, listConnections, setConnection } from './connections.ts';
import type { SettingsDeps } from './deps.ts';
import { APPEARANCE, BUSINESS, LIMITS } from './keys.ts';
import { readSetting, writeSetting, type SettingKey } from './repo.ts';

/** Amounts must be in the home currency, or a limit would compare apples with pears. */
function checkCurrencies(limits: Limits, home: string): void {
  for (const [field, value] of Object.entries(limits)) {
    if (value !== null && typeof value === 'object' && 'currency' in value && value.currency !== home) {
      throw new DomainError('INVALID', `${field} must be in ${home}.`, { field, reason: 'currency' });
    }
  }
}

const isDay = (text: string) => /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(`${text}T00:00:00Z`));

function checkBusiness(business: Business): void {
  const { homeCurrency, prepPerUnit, openingCash, outboundShipping } = business;
  const amounts = { prepPerUnit, openingCash, 'outboundShipping.base': outboundShipping.base, 'outboundShipping.perKg': outboundShipping.perKg };
  for (const [field, amount] of Object.entries(amounts)) {
    if (amount.currency !== homeCurrency) throw new DomainError('INVALID', `${field} must be in ${homeCurrency}.`, { field, reason: 'currency' });
  }
  business.rates.forEach((rate, index) => {
    for (const side of ['from', 'to'] as const) {
      if (!/^[A-Z]{3}$/.test(rate[side])) throw new DomainError('INVALID', `Rate ${index + 1} names no currency.`, { field: `rates.${index}.${side}`, reason: 'currency' });
    }
    if (!isDay(rate.asOf)) throw new DomainError('INVALID', `Rate ${index + 1} has no day such as 2026-11-21.`, { field: `rates.${index}.asOf`, reason: 'day' });
    if (!/^\d{1,9}(\.\d{1,6})?$/.test(rate.rate) || Number(rate.rate) === 0) throw new DomainError('INVALID', `Rate ${index + 1} is not a number above zero.`, { field: `rates.${index}.rate`, reason: 'number' });
  });
}

/** Settings that decide over money. The desk's own user is who changes them. */
const AUDITED = new Set(['limits', 'business']);
const DESK_USER = 'owner';

/** The fields that changed, before and after. An address is nobody's business there: that it changed is said, not what it is. */
function changed<T>(before: T, after: T): { before: Record<string, unknown>; after: Record<string, unknown> } {
  const [old, now] = [before as Record<string, unknown>, after as Record<string, unknown>];
  const keys = Object.keys(now).filter((key) => JSON.stringify(old[key]) !== JSON.stringify(now[key]));
  const pick = (from: Record<string, unknown>, word: string) => Object.fromEntries(keys.map((key) => [key, key === 'address' ? word : (from[key] ?? null)]));
  return { before: pick(old, 'earlier'), after: pick(now, 'changed') };
}

export function createSettingsProcedures(deps: SettingsDeps) {
  const os = implement(settingsContract).use(declaredErrors);
  const read = <T>(setting: SettingKey<T>) => readSetting(deps.ctx.db, setting);
  const write = <T>(setting: SettingKey<T>, change: { value: T; version: number }) =>
    deps.ctx.db.transaction(async (tx) => {
      const before = (await readSetting(tx, setting)).value;
      const stored = await writeSetting(tx, setting, { ...change, at: deps.ctx.clock.now() });
      if (AUDITED.has(setting.key)) await deps.ctx.audit.append(tx, { actor: DESK_USER, channel: 'desktop', action: `${setting.key}.changed`, data: { version: stored.version, ...changed(before, stored.value) } });
      await deps.ctx.outbox.add(tx, `settings.${setting.key}`, null);
      return stored;
    });
  return os.router({
    limits: os.limits.handler(() => read(LIMITS)),
    setLimits: os.setLimits.handler(async ({ input }) => {
      checkCurrencies(input.value, (await read(BUSINESS)).value.homeCurrency);
      return write(LIMITS, input);
    }),
    business: os.business.handler(() => read(BUSINESS)),
    setBusiness: os.setBusiness.handler(async ({ input }) => {
      checkBusiness(input.value);
      const { currency } = (await read(LIMITS)).value.minProfit;
      if (currency !== input.value.homeCurrency) throw new DomainError('INVALID', `homeCurrency: books, limits and estimates are kept in ${currency}. Another home currency is chosen by itself, so that limits and costs are converted with it, and only while nothing is booked.`, { field: 'homeCurrency', reason: 'limits' });
      return write(BUSINESS, input);
    }),
    appearance: os.appearance.handler(() => read(APPEARANCE)),
    setAppearance: os.setAppearance.handler(({ input }) => write(APPEARANCE, input)),
    connections: os.connections.handler(() => listConnections(deps)),
    setConnection: os.setConnection.handler(({ input }) => setConnection(deps, input.id, input.values)),
    checkConnection: os.checkConnection.handler(({ input }) => checkConnection(deps, input.id)),
  });
}

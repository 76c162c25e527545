import { createRouterClient, type RouterClient } from '@orpc/server';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Business } from '#contract/settings.ts';
import { ConnectorError } from '#kernel/errors.ts';
import { convert, money } from '#kernel/money.ts';
import { createTestRuntime, type TestRuntime } from '#runtime/testing.ts';
import { DEFAULT_BUSINESS } from './defaults.ts';
import { createSettingsProcedures, DEFAULT_LIMITS, homeRate, LIMITS, putSetting, readSetting } from './index.ts';
import type { ConnectionPort, SecretPort } from './ports.ts';

class MemorySecrets implements SecretPort {
  readonly kept = new Map<string, string>();
  has = (name: string) => Promise.resolve(this.kept.has(name));
  set = (name: string, secret: string) => Promise.resolve(void this.kept.set(name, secret));
  delete = (name: string) => Promise.resolve(void this.kept.delete(name));
}

let runtime: TestRuntime;
let secrets: MemorySecrets;
let failure: Error | null;
let checks: number;
type Settings = RouterClient<ReturnType<typeof createSettingsProcedures>>;
let settings: Settings;

const keepa: ConnectionPort = {
  id: 'keepa', name: 'Keepa', baseUrl: 'https://api.keepa.example', fields: [{ name: 'key', label: 'Access key', secret: true }, { name: 'domain', label: 'Domain', secret: false }],
  check: () => {
    checks += 1;
    return failure ? Promise.reject(failure) : Promise.resolve();
  },
};
const open = (practice: boolean): Settings => createRouterClient(createSettingsProcedures({ ctx: runtime.context, secrets, connections: [keepa], practice }));

beforeEach(async () => {
  runtime = await createTestRuntime();
  secrets = new MemorySecrets();
  failure = null;
  checks = 0;
  settings = open(false);
});
afterEach(() => runtime.close());

describe('settings.setLimits', () => {
  it('begins with careful limits of version 0, and counts each change', async () => {
    expect(await settings.limits()).toEqual({ value: DEFAULT_LIMITS, version: 0, updatedAt: 0 });
    const value = { ...DEFAULT_LIMITS, minRoiBp: 3_000 };
    expect(await settings.setLimits({ value, version: 0 })).toEqual({ value, version: 1, updatedAt: runtime.clock.now() });
    expect(await settings.limits()).toMatchObject({ value, version: 1 });
  });

  it('refuses a change of what somebody else changed meanwhile, and tells the version that stands', async () => {
    await settings.setLimits({ value: { ...DEFAULT_LIMITS, minRoiBp: 3_000 }, version: 0 });
    await expect(settings.setLimits({ value: DEFAULT_LIMITS, version: 0 })).rejects.toMatchObject({ code: 'CONFLICT', data: { version: 1 } });
    expect((await settings.limits()).value.minRoiBp).toBe(3_000);
  });

  it('lets one of two changes at the same time through', async () => {
    const both = await Promise.allSettled([1_000, 2_000].map((minRoiBp) => settings.setLimits({ value: { ...DEFAULT_LIMITS, minRoiBp }, version: 0 })));
    expect(both.map((b) => b.status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect((await settings.limits()).version).toBe(1);
  });

  it.each(['perPurchase', 'perDay', 'perSellerPerDay', 'minProfit', 'cashReserve'] as const)('refuses %s in another currency than the home currency', async (field) => {
    await expect(settings.setLimits({ value: { ...DEFAULT_LIMITS, [field]: { minor: 100, currency: 'EUR' } }, version: 0 })).rejects.toMatchObject({ code: 'INVALID', data: { field, reason: 'currency' } });
    expect((await settings.limits()).version).toBe(0);
  });

  it('tells those who judge by it', async () => {
    const told: string[] = [];
    runtime.context.outbox.subscribe('settings.', (event) => Promise.resolve(void told.push(event.topic)));
    await settings.setLimits({ value: DEFAULT_LIMITS, version: 0 });
    await runtime.context.jobs.runDue();
    expect(told).toEqual(['settings.limits']);
  });
});

describe('a stored setting that cannot be read', () => {
  it.each([['no JSON', '{"perPur'], ['JSON of another shape', '{"perPurchase": 5}']])('names its key instead of becoming the default: %s', async (_, value) => {
    await runtime.db.prisma.setting.create({ data: { key: 'limits', value, version: 4, updatedAt: 1 } });
    await expect(readSetting(runtime.db, LIMITS)).rejects.toThrow('the stored setting limits cannot be read');
    expect((await runtime.db.prisma.setting.findUnique({ where: { key: 'limits' } }))!.value).toBe(value);
  });

  it('is never written by the program either', async () => {
    await expect(runtime.db.transaction((tx) => putSetting(tx, LIMITS, { ...DEFAULT_LIMITS, approvalHours: 0 }, 1))).rejects.toThrow();
    expect(await runtime.db.prisma.setting.count()).toBe(0);
  });
});

const set = (over: Partial<Business>) => settings.setBusiness({ value: { ...DEFAULT_BUSINESS, ...over }, version: 0 });

describe('settings.setBusiness', () => {
  const eur = money(100, 'EUR');
  it.each<[string, Partial<Business>]>([
    ['prepPerUnit', { prepPerUnit: eur }], ['openingCash', { openingCash: eur }], ['outboundShipping.base', { outboundShipping: { base: eur, perKg: money(1, 'USD') } }],
    ['outboundShipping.perKg', { outboundShipping: { base: money(1, 'USD'), perKg: eur } }],
  ])('refuses %s in another currency than the home currency', async (field, over) => {
    await expect(set(over)).rejects.toMatchObject({ code: 'INVALID', data: { field, reason: 'currency' } });
  });

  const rate = { from: 'EUR', to: 'USD', kind: 'official' as const, rate: '1.08', source: 'ECB', asOf: '2026-11-20' };
  it.each<[string, string, object]>([
    ['rates.1.rate', 'number', { rate: '0' }], ['rates.1.rate', 'number', { rate: '0.000000' }], ['rates.1.rate', 'number', { rate: '1,08' }], ['rates.1.rate', 'number', { rate: '-1' }], ['rates.1.rate', 'number', { rate: '1.1234567' }],
    ['rates.1.from', 'currency', { from: 'euro' }], ['rates.1.to', 'currency', { to: '' }], ['rates.1.asOf', 'day', { asOf: 'yesterday' }], ['rates.1.asOf', 'day', { asOf: '2026-13-40' }],
  ])('refuses a rate whose %s is no %s (%j), and names the rate', async (field, reason, over) => {
    await expect(set({ rates: [rate, { ...rate, ...over }] })).rejects.toMatchObject({ code: 'INVALID', data: { field, reason } });
  });

  it('refuses a home currency that the limits are not in', async () => {
    const moved: Partial<Business> = { homeCurrency: 'EUR', prepPerUnit: eur, openingCash: eur, outboundShipping: { base: eur, perKg: eur } };
    await expect(set(moved)).rejects.toMatchObject({ code: 'INVALID', data: { field: 'homeCurrency', reason: 'limits' } });
  });

  it('stores a sound one', async () => {
    expect(await set({ rates: [rate] })).toMatchObject({ version: 1, value: { rates: [rate] } });
  });
});

describe('settings.setConnection', () => {
  it('keeps the secret where secrets are kept, and gives back only that it is there', async () => {
    const view = await settings.setConnection({ id: 'keepa', values: { key: '  s3cr3t-key ', domain: '1' } });
    expect(view).toMatchObject({ state: 'connected', lastError: null, lastCheckedAt: runtime.clock.now(), fields: [{ name: 'key', present: true }, { name: 'domain', present: true }] });
    expect(secrets.kept.get('keepa/key')).toBe('s3cr3t-key');
    expect(JSON.stringify([view, await settings.connections()])).not.toContain('s3cr3t');
    const stored = await Promise.all([runtime.db.prisma.setting.findMany(), runtime.db.prisma.outbox.findMany()]);
    expect(JSON.stringify(stored, (_, v: unknown) => (typeof v === 'bigint' ? Number(v) : v))).not.toContain('s3cr3t');
  });

  it('does not bring a secret back that the vendor repeats in its refusal', async () => {
    failure = new ConnectorError({ kind: 'Rejected', connector: 'keepa', operation: 'check', message: 'invalid accesskey s3cr3t-key at /token?key=s3cr3t-key' });
    const view = await settings.setConnection({ id: 'keepa', values: { key: 's3cr3t-key', domain: '1' } });
    expect(view).toMatchObject({ state: 'failing', lastError: expect.stringContaining('invalid accesskey') as string });
    expect(JSON.stringify(view)).not.toContain('s3cr3t');
  });

  it('checks only what is complete, and an empty text removes', async () => {
    expect(await settings.setConnection({ id: 'keepa', values: { key: 'k-1234567' } })).toMatchObject({ state: 'not-connected', lastCheckedAt: null });
    expect(checks).toBe(0);
    await settings.setConnection({ id: 'keepa', values: { domain: '1' } });
    expect(checks).toBe(1);
    expect(await settings.setConnection({ id: 'keepa', values: { key: '' } })).toMatchObject({ state: 'not-connected', fields: [{ present: false }, { present: true }] });
    expect(checks).toBe(1);
    expect([...secrets.kept.keys()]).toEqual(['keepa/domain']);
  });

  it('refuses a field that the connection does not have, and stores none of the others', async () => {
    await expect(settings.setConnection({ id: 'keepa', values: { key: 'k-1234567', pin: '1' } })).rejects.toMatchObject({ code: 'INVALID', data: { field: 'pin', reason: 'unknown' } });
    expect(secrets.kept.size).toBe(0);
  });

  it('knows no connection that is not offered', async () => {
    await expect(settings.checkConnection({ id: 'ebay' })).rejects.toMatchObject({ code: 'NOT_FOUND', data: { kind: 'connection', id: 'ebay' } });
  });

  it('is refused in practice, where no account is needed', async () => {
    const practice = open(true);
    await expect(practice.setConnection({ id: 'keepa', values: { key: 'k-1234567' } })).rejects.toMatchObject({ code: 'INVALID', data: { reason: 'practice' } });
    expect(secrets.kept.size).toBe(0);
    expect(await practice.connections()).toMatchObject([{ state: 'practice', fields: [] }]);
  });
});

describe('homeRate', () => {
  const rates: Business['rates'] = [
    { from: 'USD', to: 'DZD', kind: 'official', rate: '130.5', source: 'bank', asOf: '2026-11-01' }, { from: 'USD', to: 'DZD', kind: 'parallel', rate: '238', source: 'square', asOf: '2026-11-02' },
    { from: 'EUR', to: 'USD', kind: 'official', rate: '1.08', source: 'ECB', asOf: '2026-11-03' },
  ];
  const business = (rateKind: 'official' | 'parallel'): Business => ({ ...DEFAULT_BUSINESS, rates, rateKind });

  it('takes the kind that the business uses, turned round where it is stated the other way', () => {
    expect(homeRate(business('parallel'), 'DZD')).toEqual({ rate: { from: 'DZD', to: 'USD', numerator: 1, denominator: 238 }, kind: 'parallel', source: 'square', asOf: '2026-11-02' });
    expect(homeRate(business('official'), 'DZD')).toMatchObject({ rate: { numerator: 10, denominator: 1_305 }, kind: 'official' });
    expect(convert(money(238_00, 'DZD'), homeRate(business('parallel'), 'DZD')!.rate)).toEqual(money(1_00, 'USD'));
  });
  it('takes the other kind where only that is known, and says so', () => {
    expect(homeRate(business('parallel'), 'EUR')).toMatchObject({ rate: { from: 'EUR', to: 'USD', numerator: 108, denominator: 100 }, kind: 'official' });
  });
  it('is one to one at home, and null where nothing is known', () => {
    expect(homeRate(business('official'), 'USD')).toMatchObject({ rate: { numerator: 1, denominator: 1 } });
    expect(homeRate(business('official'), 'GBP')).toBeNull();
  });
  it('values goods at home within one minor unit of what the stated rate says', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 1_000_000_000 }), (minor) => {
      const home = convert(money(minor, 'DZD'), homeRate(business('official'), 'DZD')!.rate).minor;
      expect(Math.abs(home - minor / 130.5)).toBeLessThanOrEqual(0.5 + 1e-6);
    }));
  });
});

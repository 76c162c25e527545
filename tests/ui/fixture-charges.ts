import { ORPCError, type implement } from '@orpc/server';
import type { ChargeRow } from '#contract/channel-charges.ts';
import type { contract } from '#contract/index.ts';
import type { NoticeRules } from '#contract/notices.ts';
import { money } from '#kernel/money.ts';
import { DAY_MS } from '#kernel/time.ts';
import { FIXTURE_NOW } from './fixture-data.ts';

const usd = (minor: number) => money(minor, 'USD');
const shipment = { id: 'ins_5', number: 'IN-2026-0035' };
const row = (i: number, given: Partial<ChargeRow> & Pick<ChargeRow, 'kind' | 'words' | 'amount'>): ChargeRow => ({ id: `evt_charge_${i}`, channel: 'amazon-us', expected: null, difference: null, shipment: null, explained: null, at: FIXTURE_NOW - i * DAY_MS, ...given });
const ROWS: readonly ChargeRow[] = [
  row(1, { kind: 'unknown', words: 'Adjustment: Balance Adjustment', amount: usd(412) }),
  row(2, { kind: 'transport', words: 'ServiceFee: FBA Amazon-Partnered Carrier Shipment Fee', amount: usd(1_325), expected: usd(1_240), difference: usd(85), shipment }),
  row(3, { kind: 'placement', words: 'ServiceFee: FBA Inbound Placement Service Fee', amount: usd(405), expected: usd(405), difference: usd(0), shipment }),
  row(8, { kind: 'storage', words: 'ServiceFee: FBA storage fee', amount: usd(1_874) }),
  row(12, { kind: 'service', words: 'ServiceFee: Subscription', amount: usd(3_999) }),
  row(14, { kind: 'unknown', words: 'Adjustment: FBA Inventory Reimbursement', amount: usd(-1_650), explained: { as: 'reimbursement', by: 'owner', at: FIXTURE_NOW - 13 * DAY_MS } }),
];

/** The procedures of what channels take beside orders for the pages' tests. */
export function chargeProcedures(os: ReturnType<typeof implement<typeof contract>>, given: { readonly empty: () => boolean; readonly gate: () => Promise<void> }) {
  return {
    list: os.channelCharges.list.handler(async ({ input }) => {
      await given.gate();
      return { items: given.empty() ? [] : ROWS.filter((one) => (input.shipmentId === undefined || one.shipment?.id === input.shipmentId) && (!input.open || (one.kind === 'unknown' && !one.explained))), nextCursor: null };
    }),
    explain: os.channelCharges.explain.handler(async ({ input }) => {
      await given.gate();
      const found = ROWS.find((one) => one.id === input.id);
      if (!found) throw new ORPCError('NOT_FOUND', { data: { kind: 'channel-charge', id: input.id } });
      return { ...found, explained: { as: input.as, by: 'owner', at: FIXTURE_NOW } };
    }),
  };
}

const TAXES = [{ account: 'liabilities:sales-tax', owed: usd(1_000) }, { account: 'liabilities:sales-tax:us-ca-state-tax', owed: usd(2_400) }];

/** The same of sales tax that is passed on. */
export function taxProcedures(os: ReturnType<typeof implement<typeof contract>>, given: { readonly empty: () => boolean; readonly gate: () => Promise<void> }) {
  const paid = { id: 'led_tax', account: TAXES[1]!.account, amount: usd(6_900), note: 'October return, 2026-10-CA-55102', paidAt: FIXTURE_NOW - 3 * DAY_MS, takenBack: false };
  return {
    get: os.salesTax.get.handler(async () => {
      await given.gate();
      return given.empty() ? { owed: [], payments: [] } : { owed: TAXES, payments: [paid, { ...paid, id: 'led_tax_2', amount: usd(9_600), note: '', takenBack: true }] };
    }),
    pay: os.salesTax.pay.handler(({ input: { account, amount, note, paidAt } }) => ({ ...paid, account, amount, note, paidAt })),
    takeBack: os.salesTax.takeBack.handler(() => ({ ...paid, takenBack: true })),
  };
}

/** The same of what is told elsewhere. */
export function noticeProcedures(os: ReturnType<typeof implement<typeof contract>>, given: { readonly gate: () => Promise<void> }) {
  const value: NoticeRules = { telegram: true, mail: false, mailTo: 'ada@example.com', about: ['orders', 'customers', 'purchases', 'watch'], quietFromMinute: 1_320, quietToMinute: 420, timeZone: 'Africa/Algiers' };
  return {
    get: os.notices.get.handler(async () => {
      await given.gate();
      return { value, version: 1, updatedAt: FIXTURE_NOW, ways: { chats: 1, mail: true, told: 14, lastAt: FIXTURE_NOW - DAY_MS / 6, failed: 0 } };
    }),
    set: os.notices.set.handler(({ input }) => ({ value: input.value, version: input.version + 1, updatedAt: FIXTURE_NOW })),
    test: os.notices.test.handler(() => ({ held: false, sent: 1, failed: [] })),
  };
}

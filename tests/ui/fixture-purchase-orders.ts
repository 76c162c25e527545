import { ORPCError, type implement } from '@orpc/server';
import type { contract } from '#contract/index.ts';
import { purchaseOrderRow, type PurchaseOrderDetail } from '#contract/purchase-orders.ts';
import { money } from '#kernel/money.ts';
import { DAY_MS } from '#kernel/time.ts';
import { FACETS } from './fixture-facets.ts';
import { FIXTURE_NOW, stockRows } from './fixture-data.ts';

const usd = (minor: number) => money(minor, 'USD');
const STATES = ['draft', 'sent', 'partly-received', 'received', 'closed', 'cancelled'] as const;
const SUPPLIERS = ['Harbor Wholesale', 'Maple Street Books', 'Oran Tools'] as const;

function detail(i: number): PurchaseOrderDetail {
  const state = STATES[i % STATES.length]!;
  const arrived = state === 'received' || state === 'partly-received' || state === 'closed';
  const sentAt = state === 'draft' ? null : FIXTURE_NOW - (4 + i) * DAY_MS;
  const lineItems = stockRows(3 + (i % 3)).map((lot, n) => ({
    id: `pol_${i}_${n}`, number: n + 1, productId: `prd_${String(n).padStart(6, '0')}`, title: lot.title, supplierCode: n % 2 === 0 ? `HW-${1_040 + n}` : null, condition: 'new', units: 6 * (n + 1), unit: usd(890 + n * 340), good: state === 'received' ? 6 * (n + 1) : arrived ? 4 : 0, damaged: 0,
    why: n === 0 ? { position: 2, reorderPoint: 5, target: 8, perDay: 0.41, leadDays: 7.2 } : null, expectedSale: n === 2 ? null : usd(2_490 + n * 900),
  }));
  const total = lineItems.reduce((sum, line) => sum + line.units * line.unit.minor, 0);
  const goods = lineItems.reduce((sum, line) => sum + line.good * line.unit.minor, 0);
  const paid = state === 'received' ? goods + 1_800 : 0;
  return {
    id: `pod_${String(900 - i).padStart(6, '0')}`, number: `PO-2026-${String(40 - i).padStart(4, '0')}`, state, supplier: SUPPLIERS[i % SUPPLIERS.length]!, lines: lineItems.length, units: lineItems.reduce((sum, line) => sum + line.units, 0), arrived: lineItems.reduce((sum, line) => sum + line.good, 0),
    total: usd(total), owed: usd(arrived ? goods + 1_800 - paid : 0), createdAt: FIXTURE_NOW - (5 + i) * DAY_MS, sentAt, expectedAt: sentAt === null ? null : sentAt + 9 * DAY_MS, version: 1,
    contact: '18 Dock Road\nPortland, OR 97203\norders@harbor.example', language: 'en', note: i % 2 === 0 ? 'Please no substitutes.' : '', reference: sentAt === null ? null : `H-${5_510 + i}`, homeCurrency: 'USD', lineItems,
    receipts: arrived ? [{ id: `por_${i}`, at: FIXTURE_NOW - DAY_MS, by: 'owner', goods: usd(goods), extra: usd(1_800), home: usd(goods + 1_800), location: 'main', notes: '', lines: lineItems.map((line) => ({ number: line.number, good: line.good, damaged: 0, unit: line.unit, lotId: 'lot_000000' })), takenBackAt: null, takenBackBy: null }] : [],
    payments: paid > 0 ? [{ id: `pay_${i}`, at: FIXTURE_NOW, by: 'owner', amount: usd(paid), home: usd(paid), note: 'Invoice 881' }] : [],
    files: sentAt === null ? [] : [{ mediaType: 'application/pdf', name: 'PO-2026-0040.pdf', bytes: 31_442, sha256: 'b1946ac92492d2347c6235b4d2611184b1946ac92492d2347c6235b4d2611184', at: sentAt }],
    events: [{ id: `evt_${i}`, kind: 'drafted', data: {}, at: FIXTURE_NOW - (5 + i) * DAY_MS }, ...(sentAt === null ? [] : [{ id: `evt_${i}_s`, kind: 'sent', data: { by: 'owner' }, at: sentAt }])],
  };
}

/** The procedures of purchase orders for the pages' tests; orders change in memory. */
export function purchaseOrderProcedures(os: ReturnType<typeof implement<typeof contract>>, given: { readonly empty: () => boolean; readonly gate: () => Promise<void>; readonly calls: string[] }) {
  const orders = new Map(Array.from({ length: 24 }, (_, i) => detail(i)).map((order) => [order.id, order]));
  const find = (id: string) => {
    const order = orders.get(id);
    if (!order) throw new ORPCError('NOT_FOUND', { data: { kind: 'purchase-order', id }, defined: true, status: 404 });
    return order;
  };
  const change = (id: string, part: Partial<PurchaseOrderDetail>) => {
    const next = { ...find(id), ...part, version: find(id).version + 1 };
    orders.set(id, next);
    return next;
  };
  return {
    list: os.purchaseOrders.list.handler(async ({ input }) => {
      await given.gate();
      const items = given.empty() ? [] : [...orders.values()].filter((order) => (!input.state || order.state === input.state) && (!input.search || order.supplier.toLowerCase().includes(input.search.toLowerCase())));
      return { items: items.map((order) => purchaseOrderRow.strip().parse(order)), nextCursor: null, total: { count: items.length, capped: false } };
    }),
    facets: os.purchaseOrders.facets.handler(() => FACETS['purchase-orders']),
    get: os.purchaseOrders.get.handler(async ({ input }) => { await given.gate(); return find(input.id); }),
    products: os.purchaseOrders.products.handler(({ input }) => stockRows(8).filter((lot) => lot.title.toLowerCase().includes(input.search.toLowerCase())).map((lot, n) => ({ productId: `prd_${String(n).padStart(6, '0')}`, title: `${lot.title} ${n}`, condition: 'new', unitCost: lot.unitCost }))),
    create: os.purchaseOrders.create.handler(({ input }) => {
      given.calls.push(`purchaseOrders.create ${input.supplier} ${input.lines.length}`);
      const order = { ...detail(0), id: `pod_new_${orders.size}`, number: `PO-2026-00${41 + orders.size}`, supplier: input.supplier };
      orders.set(order.id, order);
      return order;
    }),
    update: os.purchaseOrders.update.handler(({ input }) => change(input.id, { supplier: input.supplier, contact: input.contact, note: input.note })),
    markSent: os.purchaseOrders.markSent.handler(({ input }) => { given.calls.push('purchaseOrders.markSent'); return change(input.id, { state: 'sent', sentAt: FIXTURE_NOW, reference: input.reference }); }),
    reopen: os.purchaseOrders.reopen.handler(({ input }) => change(input.id, { state: find(input.id).state === 'closed' ? 'partly-received' : 'draft', sentAt: null })),
    cancel: os.purchaseOrders.cancel.handler(({ input }) => change(input.id, { state: 'cancelled' })),
    close: os.purchaseOrders.close.handler(({ input }) => change(input.id, { state: 'closed' })),
    receive: os.purchaseOrders.receive.handler(({ input }) => { given.calls.push(`purchaseOrders.receive ${input.lines.map((line) => line.good).join('+')}`); return change(input.id, { state: 'received' }); }),
    takeBack: os.purchaseOrders.takeBack.handler(({ input }) => change(input.id, { state: 'sent', arrived: 0, receipts: find(input.id).receipts.map((receipt) => (receipt.id === input.receiptId ? { ...receipt, takenBackAt: FIXTURE_NOW, takenBackBy: 'owner' } : receipt)) })),
    pay: os.purchaseOrders.pay.handler(({ input }) => change(input.id, { owed: usd(find(input.id).owed.minor - input.amount.minor) })),
    document: os.purchaseOrders.document.handler(({ input }) => ({ name: `${find(input.id).number}.${input.format}`, mediaType: 'text/plain', contentBase64: Buffer.from('fixture').toString('base64') })),
  };
}

import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFieldSeal, openKeyRing, practiceKeyRing, searchMarks } from '#runtime/field-seal.ts';
import { createTestRuntime, type TestRuntime } from '#runtime/testing.ts';
import { contactsOf, findCustomer, readCustomer, rememberBuyer, rememberCustomer, sealRows, searchCustomers } from './index.ts';

let runtime: TestRuntime;
beforeEach(async () => { runtime = await createTestRuntime(); });
afterEach(() => runtime.close());

const raw = () => {
  const { file } = runtime.db;
  return ['', '-wal'].map((end) => { try { return readFileSync(`${file}${end}`, 'latin1'); } catch { return ''; } }).join('');
};
const buyer = { username: 'YBenali', name: 'Yasmine Benali', email: 'Yasmine@Example.org', phone: '+213 555 12 34 56' };

describe('the seal', () => {
  const seal = createFieldSeal(practiceKeyRing('a'));
  it('opens what it sealed, in the same column alone', () => {
    const sealed = seal.seal('Order.buyerName', 'Zoë');
    expect([sealed.includes('Zo'), seal.open('Order.buyerName', sealed), seal.seal('Order.buyerName', 'Zoë') === sealed]).toEqual([false, 'Zoë', false]);
    expect(() => seal.open('Customer.name', sealed)).toThrow(/does not open/);
    expect(() => seal.open('Order.buyerName', `${sealed.slice(0, -2)}${sealed.endsWith('AA') ? 'BB' : 'AA'}`)).toThrow(/does not open/);
    expect(() => createFieldSeal({ current: 'other', keys: practiceKeyRing('a').keys }).seal('x', 'y')).toThrow(/no place for the key/);
  });

  it('marks equal texts alike, another kind or key differently', () => {
    expect(seal.mark('a', ' Élan ')).toBe(seal.mark('a', 'elan'));
    expect(seal.mark('b', 'elan')).not.toBe(seal.mark('a', 'elan'));
    expect(createFieldSeal(practiceKeyRing('b')).mark('a', 'elan')).not.toBe(seal.mark('a', 'elan'));
    expect(searchMarks(seal, 'benali yasmine').every((mark) => seal.words('Yasmine Benali').includes(mark))).toBe(true);
  });

  it('keeps its key in the secrets, and takes nothing in where there is no place for one', async () => {
    const kept = new Map<string, string>();
    const store = { get: async (name: string) => kept.get(name) ?? null, set: async (name: string, value: string) => void kept.set(name, value) };
    const first = createFieldSeal(await openKeyRing(store));
    const sealed = first.seal('a', 'text');
    expect(createFieldSeal(await openKeyRing(store)).open('a', sealed)).toBe('text');
    expect(() => createFieldSeal(null).seal('a', 'text')).toThrow(/RESALE_DESK_PASSPHRASE/);
  });
});

const order = (n: number, buyerName: string | null) => ({ id: `ord_${n}`, channel: 'ebay-us', externalId: String(n), state: 'paid', buyerName, currency: 'USD', totalMinor: 1, feesMinor: 0, placedAt: n, modifiedAt: n, raw: '{}' });

describe('customers', () => {
  it('are one person by any contact, found by any word, and stand in the file as nobody', async () => {
    const { context: ctx, db } = runtime;
    const [id, again, other] = await db.transaction(async (tx) => [
      await rememberBuyer(ctx, tx, 'ord_1', { name: buyer.name, contacts: contactsOf(buyer, 'ebay-us') }),
      await rememberCustomer(ctx, tx, { name: null, contacts: [{ kind: 'email', value: 'yasmine@example.org' }, { kind: 'sms', value: '+15550001111' }] }),
      await rememberCustomer(ctx, tx, { name: 'Ana Ruiz', contacts: [{ kind: 'email', value: 'ana@example.org' }] }),
    ]);
    expect(again).toBe(id);
    expect(other).not.toBe(id);
    expect(await readCustomer(ctx, db.prisma, id!)).toMatchObject({ name: buyer.name, orderIds: ['ord_1'], contacts: expect.arrayContaining([{ kind: 'ebay', value: 'ybenali' }, { kind: 'sms', value: '+15550001111' }]) });
    expect((await searchCustomers(ctx, db.prisma, 'BENALI')).map((one) => one.id)).toEqual([id]);
    expect(await findCustomer(ctx, db.prisma, [{ kind: 'ebay', value: 'yasmine@example.org' }])).toBeNull();
    expect(raw()).not.toMatch(/benali|yasmine|ruiz|5551234|555000/i);
  });

  it('that an older program left as text are sealed once, and nothing of them stays in the file', async () => {
    const { context: ctx, db } = runtime;
    await db.transaction((tx) => tx.order.createMany({ data: [order(1, 'Marguerite Plaintext'), order(2, null), order(3, 'Other Plaintext')] }));
    expect(raw()).toMatch(/Marguerite/);
    const table = { table: 'Order', columns: ['buyerName'], words: 'buyerWords' } as const;
    expect([await sealRows(ctx, table), await sealRows(ctx, table)]).toEqual([2, 0]);
    const rows = await db.prisma.order.findMany({ orderBy: { id: 'asc' } });
    expect(rows.map((row) => row.buyerName && ctx.seal.open('Order.buyerName', row.buyerName))).toEqual(['Marguerite Plaintext', null, 'Other Plaintext']);
    expect(raw()).not.toMatch(/Marguerite|Plaintext/);
  });
});

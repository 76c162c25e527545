import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createRouterClient } from '@orpc/server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { PlainText } from '#contract/listing-texts.ts';
import { createTestRuntime, type TestRuntime } from '#runtime/testing.ts';
import { CASH, INVENTORY, OPENING, readBalances } from '../../ledger/index.ts';
import { createListingTextProcedures, REWRITE_WORKFLOW, type ListingsDeps, type ListingWriterPort } from '../../listings/index.ts';
import { createLotPhotoProcedures, PictureError, type PicturePort } from '../../photos/index.ts';
import { readFeeCards } from '../../pricing/index.ts';
import { BUSINESS, PRACTICE_BUSINESS, putSetting } from '../../settings/index.ts';
import { verifyBooks } from '../verify-books.ts';
import { createStockByHandProcedures } from './index.ts';

const feeCards = readFeeCards(path.resolve(import.meta.dirname, '../../../../resources/fee-cards'));
const usd = (minor: number) => ({ minor, currency: 'USD' });
const FORM = {
  key: 'form-0001', productId: null, gtin: '04006381333931', title: 'Stabilo Boss, yellow', brand: null, condition: 'new' as const, quantity: 3, totalCost: usd(1_000), location: 'shelf 4', booking: 'cash' as const, receipt: 'Market, 12 Nov', salePrice: usd(900), list: false,
};
let runtime: TestRuntime;
let dir: string;

beforeEach(async () => {
  runtime = await createTestRuntime();
  dir = mkdtempSync(path.join(os.tmpdir(), 'goods-'));
  runtime.context.workflows.define({ kind: REWRITE_WORKFLOW, input: z.looseObject({}), run: async () => {} });
  await runtime.db.transaction((tx) => putSetting(tx, BUSINESS, PRACTICE_BUSINESS, runtime.clock.now()));
});
afterEach(async () => {
  await runtime.close();
  rmSync(dir, { recursive: true });
});

const hand = () => createRouterClient(createStockByHandProcedures({
  ctx: runtime.context, inventory: { ctx: runtime.context }, feeCards, market: 'ebay-us', salesTaxBp: 700,
  codes: { read: (picture) => (picture.length === 0 ? Promise.reject(new PictureError('not-a-picture', 'It is no picture.')) : Promise.resolve([{ text: '4006381333931', format: 'EAN13' }, { text: '2012345678900', format: 'EAN13' }, { text: 'https://x.test/1', format: 'QRCode' }])) },
}));
const balance = async (account: string) => (await readBalances(runtime.db.prisma)).find((line) => line.account === account)?.amount.minor ?? 0;

describe('goods by hand', () => {
  it('are one lot however often the form is sent, booked as the person said, and the books balance', async () => {
    const first = await hand().add(FORM);
    expect(await hand().add(FORM)).toEqual({ lotId: first.lotId, existed: true });
    expect([await balance(INVENTORY), await balance(CASH)]).toEqual([1_000, -1_000]);
    await hand().add({ ...FORM, key: 'form-0002', booking: 'opening', quantity: 1 });
    expect([await balance(INVENTORY), await balance(CASH), await balance(OPENING)]).toEqual([2_000, -1_000, -1_000]);
    expect(await verifyBooks({ ctx: runtime.context }, 'USD')).toMatchObject({ sound: true, findings: [], miscounted: [] });
    const lots = await runtime.db.prisma.stockLot.findMany({ orderBy: { id: 'asc' } });
    expect(lots.map((lot) => [lot.onHand, lot.location, lot.state])).toEqual([[3, 'shelf 4', 'on-hand'], [1, 'shelf 4', 'on-hand']]);
    // the code made one product, and names it from now on
    expect(new Set(lots.map((lot) => lot.productId)).size).toBe(1);
    expect(await hand().find({ code: '4006381333931' })).toMatchObject({ gtin: '04006381333931', product: { id: lots[0]!.productId } });
    await expect(hand().add({ ...FORM, key: 'form-0003', totalCost: { minor: 1, currency: 'EUR' } })).rejects.toMatchObject({ code: 'INVALID' });
  });

  it('are found by what a picture shows; a shop\'s own number and a link name nothing', async () => {
    const { codes } = await hand().read({ contentBase64: 'eA==' });
    expect(codes.map((code) => code.gtin)).toEqual(['04006381333931', null, null]);
    await expect(hand().read({ contentBase64: '' })).rejects.toMatchObject({ code: 'PICTURE_REFUSED' });
  });
});

describe('pictures of a lot', () => {
  const pictures: PicturePort = {
    prepare: (bytes) => (bytes[0] === 0 ? Promise.reject(new PictureError('format', 'Pictures in SVG are not taken.')) : Promise.resolve({ jpeg: Buffer.from([9, ...bytes]), width: 500, height: 500, look: bytes[0]! % 2 ? '0000000000000001' : 'ffffffffffffffff', findings: [], cropped: true })),
    upright: (bytes) => Promise.resolve({ jpeg: Buffer.from([8, ...bytes]), width: 10, height: 10 }),
  };
  const photos = () => createRouterClient(createLotPhotoProcedures({ ctx: runtime.context, pictures, dir }));
  const send = async (lotId: string, bytes: number[], name = 'a.jpg') => {
    const { upload } = await photos().begin({ name, bytes: bytes.length });
    for (const [at, byte] of bytes.entries()) await photos().append({ upload, at, contentBase64: Buffer.from([byte]).toString('base64') });
    return photos().add({ lotId, upload, name });
  };

  it('are kept by hash with their originals, ordered, taken out and put back, and told when they look alike', async () => {
    const { lotId } = await hand().add(FORM);
    const [a, b, c] = [await send(lotId, [1, 1]), await send(lotId, [2, 2]), await send(lotId, [3, 3])];
    expect(c.findings).toEqual([{ code: 'duplicate', figure: 0, limit: 8 }]);
    expect((await send(lotId, [1, 1])).id).toBe(a.id);
    expect((await photos().arrange({ lotId, ids: [b.id, a.id] })).photos.map((photo) => photo.id)).toEqual([b.id, a.id, c.id]);
    await photos().remove({ id: b.id });
    expect((await photos().list({ lotId })).photos.map((photo) => photo.id)).toEqual([a.id, c.id]);
    await photos().restore({ id: b.id });
    expect((await photos().list({ lotId })).photos).toHaveLength(3);
    const bytes = async (which: 'before' | 'after') => [...Buffer.from((await photos().picture({ id: a.id, which })).contentBase64, 'base64')];
    expect([await bytes('before'), await bytes('after')]).toEqual([[8, 1, 1], [9, 1, 1]]);
    expect(readdirSync(path.join(dir, 'inbox'))).toEqual([]);
  });

  it('that are none are refused by name, and a gap in the pieces too', async () => {
    const { lotId } = await hand().add(FORM);
    await expect(send(lotId, [0, 1], 'drawing.svg')).rejects.toMatchObject({ code: 'PICTURE_REFUSED', data: { code: 'format', name: 'drawing.svg' } });
    await expect(photos().begin({ name: 'huge.tif', bytes: 90_000_000 })).rejects.toMatchObject({ code: 'PICTURE_REFUSED' });
    const { upload } = await photos().begin({ name: 'a', bytes: 9 });
    await expect(photos().append({ upload, at: 5, contentBase64: 'eA==' })).rejects.toMatchObject({ code: 'INVALID' });
    await expect(photos().append({ upload: 'no-such', at: 0, contentBase64: 'eA==' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

const listings = () => ({
  ctx: runtime.context, channels: { get: () => ({ port: { limits: { titleCharacters: 80, descriptionCharacters: 4_000 } } }) },
  products: { facts: () => Promise.resolve({ title: 'Stabilo Boss yellow', brand: 'Stabilo', mpn: null, gtins: ['4006381333931'], imageUrls: [], category: null, aspects: { Colour: ['Yellow'] }, package: null }) },
}) as unknown as ListingsDeps;

describe('the words of a listing', () => {
  const written: PlainText = { title: 'Stabilo Boss yellow', lines: ['Brand: Stabilo', 'With two year warranty.', 'It has 12 colours.'], bullets: [], conditionNote: '' };
  const writer: ListingWriterPort = { whyNot: () => Promise.resolve(null), write: () => Promise.resolve(written) };
  const words = () => createRouterClient(createListingTextProcedures({ listings: listings(), writer }));
  beforeEach(async () => {
    await runtime.db.prisma.listing.create({ data: { id: 'lst_1', sku: 'RD1', lotId: 'lot_1', productId: 'prd_1', channel: 'ebay-us', title: 'Stabilo Boss yellow', description: '', condition: 'new', priceMinor: 900n, floorMinor: 1n, currency: 'USD', quantity: 3, state: 'active', idempotencyKey: 'k', createdAt: 1n, updatedAt: 1n } });
  });

  it('of a model are kept only as far as they are traced', async () => {
    const proposal = await words().propose({ id: 'lst_1', language: 'en', by: 'assistant' });
    expect(proposal).toMatchObject({ writtenBy: 'assistant', text: { lines: ['Brand: Stabilo'] } });
    expect(proposal.checked.filter((line) => line.refusal !== null).map((line) => line.refusal!.code)).toEqual(['text.forbidden', 'text.untraced']);
  });

  it('are saved in versions, sent where the listing runs, and refused as a whole with an invented line', async () => {
    const text: PlainText = { title: 'Stabilo Boss yellow', lines: ['Marque : Stabilo', 'Couleur : jaune'], bullets: [], conditionNote: '' };
    const given = { id: 'lst_1', version: 1, language: 'fr' as const, vouched: [], writtenBy: 'person' as const };
    await expect(words().save({ ...given, text: { ...text, lines: ['Marque : Pelikan'] } })).rejects.toMatchObject({ code: 'TEXT_REFUSED' });
    expect(await words().save({ ...given, text })).toEqual({ number: 1, sending: true });
    await expect(words().save({ ...given, text })).rejects.toMatchObject({ code: 'WRONG_STATE' });
    const seen = 'Un feutre est sec.';
    expect(await words().save({ ...given, version: 2, text: { ...text, lines: [...text.lines, seen] }, vouched: [seen] })).toEqual({ number: 2, sending: true });
    const view = await words().get({ id: 'lst_1' });
    expect(view.saved.map((saved) => saved.number)).toEqual([2, 1]);
    expect(view.checked.at(-1)).toMatchObject({ text: seen, facts: ['person:1'], refusal: null });
    expect(await runtime.db.prisma.listing.findUniqueOrThrow({ where: { id: 'lst_1' } })).toMatchObject({ description: '<ul><li>Marque : Stabilo</li><li>Couleur : jaune</li></ul><p>Un feutre est sec.</p>', version: 3 });
    expect(await runtime.db.prisma.workflow.count({ where: { kind: REWRITE_WORKFLOW } })).toBe(2);
  });
});

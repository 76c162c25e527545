import { closeSync, existsSync, mkdirSync, openSync, readdirSync, rmSync, statSync, writeSync } from 'node:fs';
import path from 'node:path';
import type { z } from 'zod';
import type { listPreview } from '#contract/price-lists.ts';
import { DomainError } from '#kernel/errors.ts';
import { DAY_MS } from '#kernel/time.ts';
import { BUSINESS, readSetting } from '#engine/settings/index.ts';
import {
  changeList, fileSource, findLayouts, forgetLayout, headersKeyOf, insertList, inspectPriceList, LARGEST_FILE_BYTES, PriceListError, rememberLayout, supplierKeyOf, type ListRecord, type PriceListLayout, type PriceListPreview, type ReadAs,
} from '#engine/suppliers/index.ts';
import { placeStaged } from '../import-file.ts';
import type { PriceListsDeps } from './deps.ts';
import { requireIdle } from './view-list.ts';

type PreviewView = z.infer<typeof listPreview>;

const inboxOf = (deps: PriceListsDeps) => path.join(deps.importsDir, 'inbox');

/** A list that cannot be read is told as such, with its own code. */
export async function readable<T>(name: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof PriceListError) throw new DomainError('UNREADABLE', error.message, { code: error.code, name }, error);
    throw error;
  }
}

/** When an id was made: the first 48 bits of its UUIDv7. */
const madeAt = (id: string) => Number.parseInt(id.slice(id.indexOf('_') + 1).replaceAll('-', '').slice(0, 12), 16);

function clearOldUploads(deps: PriceListsDeps, folder: string): void {
  for (const name of readdirSync(folder)) if (name.startsWith('prl_') && madeAt(name) < deps.ctx.clock.now() - DAY_MS) rmSync(path.join(folder, name), { force: true });
}

export function beginUpload(deps: PriceListsDeps, { name, bytes }: { readonly name: string; readonly bytes: number }): { upload: string } {
  if (bytes === 0) throw new DomainError('UNREADABLE', `${name} is empty`, { code: 'FILE_EMPTY', name });
  if (bytes > LARGEST_FILE_BYTES) throw new DomainError('UNREADABLE', `${name} has ${Math.round(bytes / 1024 ** 2)} MB; at most ${LARGEST_FILE_BYTES / 1024 ** 2} MB are read: split it`, { code: 'FILE_TOO_LARGE', name });
  const folder = inboxOf(deps);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  clearOldUploads(deps, folder);
  const upload = deps.ctx.ids.next('priceList');
  closeSync(openSync(path.join(folder, upload), 'wx', 0o600));
  return { upload };
}

/** Pieces come in order; one that was sent twice is written twice to the same place. */
export function appendUpload(deps: PriceListsDeps, { upload, at, contentBase64 }: { readonly upload: string; readonly at: number; readonly contentBase64: string }): { received: number } {
  const file = path.join(inboxOf(deps), path.basename(upload));
  if (!existsSync(file)) throw new DomainError('NOT_FOUND', 'There is no such upload.', { kind: 'upload', id: upload });
  if (at > statSync(file).size) throw new DomainError('INVALID', 'A piece of the file is missing before this one.', { field: 'at', reason: 'gap' });
  const piece = Buffer.from(contentBase64, 'base64');
  if (at + piece.length > LARGEST_FILE_BYTES) throw new DomainError('UNREADABLE', 'The file is too large.', { code: 'FILE_TOO_LARGE', name: upload });
  const handle = openSync(file, 'r+');
  try {
    writeSync(handle, piece, 0, piece.length, at);
  } finally {
    closeSync(handle);
  }
  return { received: at + piece.length };
}

/** What a supplier calls its files, without what changes from list to list: `acme_prices_2026-11.csv` is Acme's. */
export function supplierOfFile(name: string): string {
  const words = path.parse(name).name.replace(/[_.\-()[\]]+/g, ' ').replace(/\b(?:\d{1,4}|q[1-4]|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b|\d{5,}/gi, ' ').replace(/\b(?:prices?|list|pricelist|wholesale|catalogue|catalog|stock|offers?|export|copy|final|v|new|tarifs?|liste|prix)\b/gi, ' ').replace(/\s+/g, ' ').trim();
  const found = words || path.parse(name).name;
  return `${found.charAt(0).toUpperCase()}${found.slice(1)}`.slice(0, 120);
}

/** Of several suppliers whose lists have these headers none is guessed. */
async function knownLayout(deps: PriceListsDeps, layout: PriceListLayout, supplier: string | undefined) {
  const layouts = await findLayouts(deps.ctx.db, headersKeyOf(layout));
  if (supplier !== undefined) return layouts.find((known) => known.supplierKey === supplierKeyOf(supplier)) ?? null;
  return layout.headerLine !== null && layouts.length === 1 ? layouts[0]! : null;
}

interface Inspected { readonly preview: PriceListPreview; readonly supplier: string | null; readonly remembered: boolean }

async function inspect(deps: PriceListsDeps, list: { readonly file: string; readonly name: string }, supplier: string | undefined): Promise<Inspected> {
  const source = await fileSource(list.file);
  const expectedCurrency = (await readSetting(deps.ctx.db, BUSINESS)).value.homeCurrency;
  const preview = await inspectPriceList(source, { expectedCurrency });
  const known = await knownLayout(deps, preview.layout, supplier);
  if (!known) return { preview, supplier: null, remembered: false };
  return { preview: await inspectPriceList(source, { expectedCurrency, known: known.layout }), supplier: known.supplier, remembered: true };
}

/** Takes an uploaded or staged file, and proposes how it is read. */
export async function openList(deps: PriceListsDeps, input: { readonly upload: string; readonly name: string; readonly supplier?: string | undefined }): Promise<ListRecord> {
  const { file, digest } = await placeStaged(deps.importsDir, { name: input.name, staged: input.upload });
  const found = await readable(input.name, () => inspect(deps, { file, name: input.name }, input.supplier));
  const supplier = input.supplier ?? found.supplier ?? supplierOfFile(input.name);
  const list: ListRecord = {
    id: deps.ctx.ids.next('priceList'), supplier, supplierKey: supplierKeyOf(supplier), sourceId: null, name: input.name, file, bytes: statSync(file).size, sha256: digest,
    layout: found.preview.layout, layoutFrom: found.remembered ? 'remembered' : 'detected', missing: found.preview.missing, stage: 'columns', error: null, results: null, counts: null, previousId: null, most: null, done: 0, turn: 0,
    createdAt: deps.ctx.clock.now(), passedAt: null, endedAt: null,
  };
  await deps.ctx.db.transaction(async (tx) => {
    await insertList(tx, list);
    await deps.ctx.outbox.add(tx, 'price-list.opened', list.id);
  });
  return list;
}

function previewView(preview: PriceListPreview): PreviewView {
  return {
    layout: preview.layout, sheets: [...preview.sheets], missing: [...preview.missing], estimatedRows: preview.estimatedRows,
    raw: preview.raw.map(({ line, cells }) => ({ line, cells: cells.map((cell) => cell.slice(0, 300)) })),
    rows: preview.rows.map((row) => ({
      line: row.line, identifier: row.identifiers[0]?.identifier.gtin14 ?? row.identifiers[0]?.identifier.value ?? null, candidates: row.identifiers.length, repairs: [...(row.identifiers[0]?.repairs ?? [])], title: row.title, brand: row.brand,
      unitCost: row.unitCost, cost: row.cost, units: row.unitsPerCost, quantity: row.quantity,
    })),
    problems: preview.rejects.map((reject) => ({ ...reject })),
  };
}

/** The list's first rows: by its layout, by another one, or looked at anew as a person says. */
export async function previewList(deps: PriceListsDeps, list: ListRecord, as: { readonly layout?: PriceListLayout | undefined; readonly readAs?: ReadAs | undefined }): Promise<PreviewView> {
  const source = await readable(list.name, () => fileSource(list.file));
  const expectedCurrency = (await readSetting(deps.ctx.db, BUSINESS)).value.homeCurrency;
  return readable(list.name, async () => previewView(await inspectPriceList(source, { expectedCurrency, ...(as.readAs ? { readAs: as.readAs } : { layout: as.layout ?? list.layout }) })));
}

function checkRoles(layout: PriceListLayout): void {
  const seen = new Set<string>();
  for (const { role } of layout.columns) {
    if (role !== null && seen.has(role)) throw new DomainError('INVALID', `Two columns cannot both hold the ${role}.`, { field: 'columns', reason: 'role-twice' });
    if (role !== null) seen.add(role);
  }
}

/** Results of another layout are none of this one. */
const BEGUN_ANEW = { stage: 'columns', error: null, results: null, counts: null, previousId: null, most: null, done: 0, passedAt: null, endedAt: null } as const;

/** A person's word on how the list is read, and whose it is; kept for the supplier's next list. */
export async function correctList(deps: PriceListsDeps, list: ListRecord, change: { readonly layout?: PriceListLayout | undefined; readonly supplier?: string | undefined }): Promise<void> {
  await requireIdle(deps, list);
  const layout = change.layout ?? list.layout;
  checkRoles(layout);
  const { missing } = await previewList(deps, list, { layout });
  const supplier = change.supplier ?? list.supplier;
  const next = { ...list, layout, supplier, supplierKey: supplierKeyOf(supplier) };
  await deps.ctx.db.transaction(async (tx) => {
    await changeList(tx, list.id, { ...BEGUN_ANEW, layout, missing, supplier, supplierKey: next.supplierKey, sourceId: next.supplierKey === list.supplierKey ? list.sourceId : null, ...(change.layout ? { layoutFrom: 'corrected' } : {}) });
    if (change.layout) await rememberLayout(tx, next, deps.ctx.clock.now());
    await deps.ctx.outbox.add(tx, 'price-list.changed', list.id);
  });
}

/** Back to what the file alone shows. */
export async function detectList(deps: PriceListsDeps, list: ListRecord): Promise<void> {
  await requireIdle(deps, list);
  const source = await readable(list.name, () => fileSource(list.file));
  const expectedCurrency = (await readSetting(deps.ctx.db, BUSINESS)).value.homeCurrency;
  const preview = await readable(list.name, () => inspectPriceList(source, { expectedCurrency }));
  await deps.ctx.db.transaction(async (tx) => {
    await forgetLayout(tx, { supplierKey: list.supplierKey, layout: preview.layout });
    await changeList(tx, list.id, { ...BEGUN_ANEW, layout: preview.layout, missing: preview.missing, layoutFrom: 'detected' });
    await deps.ctx.outbox.add(tx, 'price-list.changed', list.id);
  });
}

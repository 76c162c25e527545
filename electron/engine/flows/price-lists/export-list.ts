import { mkdirSync, openSync, readdirSync, readSync, closeSync, existsSync, rmSync, statSync, renameSync } from 'node:fs';
import path from 'node:path';
import { PIECE_BYTES } from '#contract/words.ts';
import { DomainError } from '#kernel/errors.ts';
import { utcDay } from '#kernel/time.ts';
import { exportRows, type ListRecord, type RowFilter } from '#engine/suppliers/index.ts';
import { exportsDir, type PriceListsDeps } from './deps.ts';
import { resultsOf } from './view-list.ts';

/** Exports that are kept: they can be made again. */
const MOST_KEPT = 10;

function clearOld(folder: string): void {
  const files = readdirSync(folder).map((name) => ({ name, at: statSync(path.join(folder, name)).mtimeMs })).sort((a, b) => b.at - a.at);
  for (const { name } of files.slice(MOST_KEPT)) rmSync(path.join(folder, name), { force: true });
}

export interface Exported { readonly file: string; readonly name: string; readonly bytes: number; readonly rows: number }

/** Writes the rows with every figure. `name` is what a person saves it as. */
export async function exportList(deps: PriceListsDeps, list: ListRecord, what: { readonly format: 'csv' | 'xlsx'; readonly filter: RowFilter }): Promise<Exported> {
  const results = resultsOf(list);
  const folder = exportsDir(deps);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  clearOld(folder);
  const file = `${list.id}-${list.turn}-${what.filter}.${what.format}`;
  const target = path.join(folder, file);
  const making = `${target}.${deps.ctx.ids.next('priceList')}`;
  try {
    const rows = await exportRows(deps.files.reader(results), making, what);
    renameSync(making, target);
    return { file, name: `${path.parse(list.name).name}-${what.filter}-${utcDay(deps.ctx.clock.now())}.${what.format}`, bytes: statSync(target).size, rows };
  } catch (error) {
    rmSync(making, { force: true });
    if (error instanceof RangeError) throw new DomainError('INVALID', 'The rows do not fit one sheet: export CSV.', { field: 'format', reason: 'too-many-rows' }, error);
    throw error;
  }
}

/** A piece of an export; empty at its end. */
export function readExport(deps: PriceListsDeps, { file, at }: { readonly file: string; readonly at: number }): { contentBase64: string } {
  const target = path.join(exportsDir(deps), path.basename(file));
  if (!existsSync(target)) throw new DomainError('NOT_FOUND', 'There is no such export any more: make it again.', { kind: 'export', id: file });
  const handle = openSync(target, 'r');
  try {
    const buffer = Buffer.alloc(PIECE_BYTES);
    return { contentBase64: buffer.toString('base64', 0, readSync(handle, buffer, 0, buffer.length, at)) };
  } finally {
    closeSync(handle);
  }
}

import { createHash } from 'node:crypto';
import { DAY_MS, HOUR_MS, type Instant } from '#kernel/time.ts';
import type { OutletId, World } from '../../world/types.ts';
import { conditional } from '../answer-conditionally.ts';
import { createHost, type VendorOptions, type VendorRequest, type VendorResponse, type VendorServer } from '../host.ts';
import { atlanticSheet, type ListRow, nordhandelSheet, type Sheet, writeDelimited, writeXlsx } from './write-files.ts';

export { writeDelimited, writeXlsx } from './write-files.ts';

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

interface ListFile {
  readonly outletId: OutletId;
  readonly path: string;
  readonly type: string;
  readonly make: (rows: readonly ListRow[], at: Instant) => Uint8Array;
}

/** The files on offer: the letters' code pages, delimiters and decimals differ as suppliers' do. */
export const PRICE_LIST_FILES: readonly ListFile[] = [
  { outletId: 'atlantic-supply', path: '/atlantic-supply/pricelist.csv', type: 'text/csv; charset=windows-1252', make: (rows, at) => writeDelimited(atlanticSheet(rows, at), { delimiter: ',', encoding: 'windows-1252' }) },
  { outletId: 'atlantic-supply', path: '/atlantic-supply/pricelist.txt', type: 'text/tab-separated-values; charset=utf-16', make: (rows, at) => writeDelimited(atlanticSheet(rows, at), { delimiter: '\t', encoding: 'utf16-le' }) },
  { outletId: 'nordhandel', path: '/nordhandel/preisliste.xlsx', type: XLSX, make: (rows, at) => writeXlsx(nordhandelSheet(rows, at)) },
  { outletId: 'nordhandel', path: '/nordhandel/preisliste.csv', type: 'text/csv; charset=utf-8', make: (rows, at) => writeDelimited(nordhandelSheet(rows, at), { delimiter: ';', encoding: 'utf8' }) },
];

/** Lists come out at six in the morning, UTC. */
function issuedAt(at: Instant): Instant {
  return Math.floor((at - 6 * HOUR_MS) / DAY_MS) * DAY_MS + 6 * HOUR_MS;
}

/** The rows of a supplier's list as of an instant: also for making files of any length (`WorldOptions.priceListRows`). */
export function priceListRows(world: World, outletId: OutletId, at: Instant): ListRow[] {
  return world.shops.offers(outletId).flatMap((offer) => {
    const state = world.shops.state(outletId, offer.number, at);
    return state ? [{ offer, state }] : [];
  });
}

function plain(status: number, message: string): VendorResponse {
  return { status, headers: { 'Content-Type': 'text/plain; charset=utf-8' }, body: `${message}\n` };
}

/** Suppliers' lists by plain download, renewed once a day, with ETag. */
export function createPriceListVendor(world: World, options: VendorOptions = {}): VendorServer {
  const made = new Map<string, { issued: Instant; bytes: Uint8Array; etag: string }>();
  const serve = (file: ListFile, request: VendorRequest): VendorResponse => {
    const issued = Math.max(world.startAt, issuedAt(request.at));
    let kept = made.get(file.path);
    if (kept?.issued !== issued) {
      const bytes = file.make(priceListRows(world, file.outletId, issued), issued);
      kept = { issued, bytes, etag: `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"` };
      made.set(file.path, kept);
    }
    return conditional(request, { body: kept.bytes, type: file.type, etag: kept.etag, changedAt: issued });
  };
  return createHost({
    name: 'price-lists', world, errorBody: plain,
    routes: PRICE_LIST_FILES.map((file) => ({ method: 'GET' as const, pattern: file.path, name: file.path.slice(1), handle: (request: VendorRequest) => serve(file, request) })),
  }, options);
}

export type { ListRow, Sheet };

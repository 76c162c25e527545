import path from 'node:path';
import { z } from 'zod';
import { listLayout } from '#contract/price-lists.ts';
import { ConnectorError } from '#kernel/errors.ts';
import { err, ok, type Result } from '#kernel/result.ts';
import type { Clock } from '#kernel/time.ts';
import type { ConfigProblem, OpenSource, RawOffer, RawReject, ScanOptions, ScanPage, SitePolicy, SourceAdapter } from '#engine/sources/index.ts';
import { fileSource, inspectPriceList, PriceListError, readPriceList, type PriceListLayout, type PriceListReject, type PriceListRow, type PriceListSource } from './price-list/index.ts';
import type { DownloadPort } from './ports.ts';

const configSchema = z.looseObject({
  /** Where the list is: a web address, or `file:` for one that was imported. */
  baseUrl: z.string().min(1),
  /** The supplier's name; the file's where it is not known. */
  label: z.string().min(1).max(200).optional(),
  /** The imported file. */
  file: z.string().optional(),
  /** What a bare `$` means to this supplier, and the currency where the list shows none. */
  currency: z.string().regex(/^[A-Z]{3}$/).optional(),
  /** How a person left its columns. */
  layout: listLayout.optional(),
});

/** Reading a list that its supplier sends is what it is for; ordering from it is done by hand. */
const POLICY: SitePolicy = { scan: 'allowed', buy: 'human', contactSeller: 'allowed', storePayload: 'allowed', source: 'the supplier sends its list to its customers', asOf: '2026-11-21' };

/** Rows of a scan's page: one transaction each. */
const PAGE_ROWS = 5_000;

function offerOf(row: PriceListRow, list: { readonly url: string; readonly supplier: string; readonly seenAt: number }): RawOffer {
  const name = row.identifierText.trim() || row.mpn || row.title || `line ${row.line}`;
  return {
    externalId: `${name}|${row.packSize ?? 1}`.slice(0, 300), url: `${list.url}#line=${row.line}`, title: row.title ?? name, ...(row.brand ? { brand: row.brand } : {}),
    identifiers: [...(row.identifierText ? [{ hint: 'gtin' as const, text: row.identifierText }] : []), ...(row.mpn ? [{ hint: 'mpn' as const, text: row.mpn }] : [])],
    price: row.unitCost, ...(row.retail ? { listPrice: row.retail } : {}), ...(row.quantity === null ? {} : { stock: { available: row.quantity > 0, quantity: row.quantity } }),
    condition: 'new', sellerName: list.supplier, imageUrls: [], categoryPath: row.category ? [row.category] : [], seenAt: list.seenAt, extractedBy: {}, defaultExtractor: 'text',
  };
}

function rejectOf(reject: PriceListReject, seenAt: number): RawReject {
  const code = reject.field === 'cost' ? 'no-price' : 'unparseable';
  return { code, where: `row ${reject.line}`, field: reject.field, reason: `${reject.field}: ${reject.reason}`, excerpt: reject.raw.slice(0, 1_000), seenAt };
}

export interface PriceListDeps {
  readonly clock: Clock;
  readonly downloads: DownloadPort;
}

/** Supplier price lists as a source: a file, or an address where the newest lies. */
export function createPriceListAdapter(deps: PriceListDeps): SourceAdapter {
  return {
    kind: 'price-list', policy: POLICY,
    open(config: unknown): Result<OpenSource, readonly ConfigProblem[]> {
      const parsed = configSchema.safeParse(config);
      if (!parsed.success) return err(parsed.error.issues.map((issue) => ({ field: issue.path.join('.') || 'config', reason: issue.message })));
      const { baseUrl, file, currency, layout } = parsed.data;
      const label = parsed.data.label ?? path.basename(file ?? new URL(baseUrl, 'file:///').pathname);
      return ok({
        kind: 'price-list', label, origin: baseUrl, policy: POLICY, ...(currency ? { currency } : {}),
        scan: (options) => scan(deps, { baseUrl, file, currency, label, known: layout }, options),
        close: () => Promise.resolve(),
      });
    },
  };
}

interface ListConfig {
  readonly baseUrl: string;
  readonly file: string | undefined;
  readonly currency: string | undefined;
  readonly label: string;
  readonly known: PriceListLayout | undefined;
}

async function locate(deps: PriceListDeps, config: ListConfig, signal: AbortSignal): Promise<{ source: PriceListSource; requests: number }> {
  if (config.file) return { source: await fileSource(config.file), requests: 0 };
  const { file, requests } = await deps.downloads.download(config.baseUrl, signal);
  return { source: await fileSource(file), requests };
}

async function* scan(deps: PriceListDeps, config: ListConfig, options: ScanOptions): AsyncIterable<ScanPage> {
  const skip = Number(/^batch:(\d+)$/.exec(options.cursor ?? '')?.[1] ?? 0);
  try {
    const { source, requests } = await locate(deps, config, options.signal);
    const preview = await inspectPriceList(source, { known: config.known, ...(config.currency ? { expectedCurrency: config.currency } : {}) });
    const layout = preview.layout.currency === null && config.currency ? { ...preview.layout, currency: config.currency } : preview.layout;
    const list = { url: config.baseUrl, supplier: config.label, seenAt: deps.clock.now() };
    let number = 0;
    for await (const batch of readPriceList(source, layout, { signal: options.signal, batchRows: PAGE_ROWS })) {
      if (number++ < skip) continue;
      yield {
        offers: batch.rows.map((row) => offerOf(row, list)), rejects: batch.rejects.map((reject) => rejectOf(reject, list.seenAt)), cursor: `batch:${number}`, complete: batch.bytesRead >= source.size,
        ...(preview.estimatedRows === null ? {} : { total: preview.estimatedRows }), requests: number === 1 ? requests : 0,
      };
    }
  } catch (error) {
    if (options.signal.aborted) throw options.signal.reason;
    // a list that cannot be read will not become readable by trying again
    if (error instanceof PriceListError) throw new ConnectorError({ kind: 'Rejected', connector: 'price-list', operation: 'read', message: error.message, code: error.code }, error);
    throw error;
  }
}

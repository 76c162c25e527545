import { ConnectorError } from '#kernel/errors.ts';
import type { PageReaderPort } from '#engine/watch/ports.ts';
import type { SiteTools } from '../core/source/open-config.ts';
import { PLAIN } from './structured-shop/fetch.ts';
import { externalIdOf, parsePage } from './structured-shop/parse.ts';

const CONNECTOR = 'page';
const OPERATION = 'look at a product\'s page';

/** Reads a product's page as a shop with structured data is read: robots.txt and the host's pace hold, private addresses are refused. `allowLoopback`: for the practice market. */
export function createPageReader(tools: Pick<SiteTools, 'clock' | 'fetcher'>, { allowLoopback }: { readonly allowLoopback: boolean }): PageReaderPort {
  const policy = { ...PLAIN.pace, concurrency: 1, allowLoopback, attempts: 2 };
  return {
    async read(url, signal) {
      const answer = await tools.fetcher.fetch({ url, connector: CONNECTOR, operation: OPERATION, headers: { accept: 'text/html' } }, policy, signal);
      const read = parsePage(answer.text, { url: answer.url, externalId: externalIdOf(answer.url), seenAt: tools.clock.now(), currency: undefined, depth: 'full', label: '' });
      if ('code' in read) throw new ConnectorError({ kind: 'Rejected', connector: CONNECTOR, operation: OPERATION, code: read.code, message: read.reason });
      return {
        title: read.title.slice(0, 300), price: read.price, available: read.stock?.available ?? null, quantity: read.stock?.quantity ?? null,
        codes: read.identifiers.flatMap((one) => (one.hint === 'gtin' || one.hint === 'isbn' ? [one.text.replaceAll(/\D/g, '')] : [])).filter((code) => code !== ''),
      };
    },
  };
}

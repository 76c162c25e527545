import { describe, expect, it, vi } from 'vitest';
import { ConnectorError } from '#kernel/errors.ts';
import type { AskingPricesPort, ProductRecord } from '#engine/catalog/index.ts';
import { ManualClock } from '#kernel/time.ts';
import { countRivals } from './count-rivals.ts';
import type { OpportunitiesDeps } from './deps.ts';

const product = (id: string, gtin: string | null) => ({ id, gtin }) as ProductRecord;
const signal = new AbortController().signal;
const answer = (total: number | null) => ({ items: [], total, unreadable: [], at: 0 });

function depsWith(askingPrices: AskingPricesPort['askingPrices'], market = 'ebay-us') {
  const warn = vi.fn();
  return { warn, deps: { ctx: { log: { warn }, clock: new ManualClock(0) }, askedMarkets: [{ port: { connector: 'ebay-browse', market, askingPrices }, categories: null }] } as unknown as OpportunitiesDeps };
}

describe('countRivals', () => {
  it('asks once for each product with a code, as the code is printed, and never counts without end', async () => {
    const asked: string[] = [];
    const { deps } = depsWith(async ({ code, onlyNew }) => {
      asked.push(`${code!.value}${onlyNew ? ' new' : ''}`);
      return answer(asked.length === 1 ? 3 : 400);
    });
    const products = [product('a', '00012345678905'), product('a', '00012345678905'), product('b', null), product('c', '04006381333931')];
    expect([...(await countRivals(deps, 'ebay-us', { products, signal }))]).toEqual([['a', 3], ['c', 25]]);
    expect(asked).toEqual(['012345678905 new', '4006381333931 new']);
  });

  it('asks no market but that of the sale', async () => {
    const askingPrices = vi.fn();
    expect((await countRivals(depsWith(askingPrices, 'reverb').deps, 'ebay-us', { products: [product('a', '00012345678905')], signal })).size).toBe(0);
    expect(askingPrices).not.toHaveBeenCalled();
  });

  it('keeps what it has when the market stops answering, and asks no further; a fault of our own is not hidden', async () => {
    let calls = 0;
    const { deps, warn } = depsWith(async () => {
      if (++calls === 2) throw new ConnectorError({ kind: 'Throttled', connector: 'ebay-browse', operation: 'search listings', message: 'out of quota' });
      return answer(2);
    });
    const products = ['a', 'b', 'c'].map((id) => product(id, '00012345678905'));
    expect([...(await countRivals(deps, 'ebay-us', { products, signal }))]).toEqual([['a', 2]]);
    expect([calls, warn.mock.calls.length]).toEqual([2, 1]);
    await expect(countRivals(depsWith(async () => { throw new TypeError('ours'); }).deps, 'ebay-us', { products, signal })).rejects.toThrow('ours');
  });
});

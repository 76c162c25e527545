import { describe, expect, it } from 'vitest';
import type { FieldCounts } from './ports.ts';
import { findDrift } from './find-drift.ts';
import { maskPage } from './view-health.ts';
import { threadMs } from '#tests/support/thread-time.ts';

const run = (products: number, more: Partial<FieldCounts> = {}): FieldCounts => ({ products, title: products, price: products, currency: products, stock: products, identifiers: products, brand: products, image: products, ...more });

describe('findDrift', () => {
  it('names a field that most products had and few have now', () => {
    expect(findDrift([run(100, { brand: 20 }), run(100), run(80)])).toEqual([{ field: 'brand', beforeBp: 10_000, nowBp: 2_000 }]);
  });
  it('compares with the middle of earlier runs, so that one bad run is not the measure', () => {
    expect(findDrift([run(100), run(100, { price: 0 }), run(100), run(100)])).toEqual([]);
    expect(findDrift([run(100, { price: 10 }), run(100, { price: 5 }), run(100), run(100)]).map((d) => d.field)).toEqual(['price']);
  });
  it('says nothing of a field that was always rare, of few products, or of a first run', () => {
    expect(findDrift([run(100, { identifiers: 0 }), run(100, { identifiers: 30 })])).toEqual([]);
    expect(findDrift([run(3, { brand: 0 }), run(100)])).toEqual([]);
    expect(findDrift([run(100, { brand: 0 })])).toEqual([]);
    expect(findDrift([])).toEqual([]);
  });
});

describe('maskPage', () => {
  it('leaves what a person needs to see, and nothing that opens a session or names a person', () => {
    const page = '<h1>Busy</h1><input type="hidden" name="_token" value="q1w2e3r4"><script>var cfg={"apiKey":"sk_live_12345","price":"12.50"};fetch("/a?token=zzz999")</script> Authorization: Bearer abcdef1234567 write to jane.doe@shop.example';
    const masked = maskPage(page);
    expect(masked).toContain('<h1>Busy</h1>');
    expect(masked).toContain('"price":"12.50"');
    for (const secret of ['q1w2e3r4', 'sk_live_12345', 'zzz999', 'abcdef1234567', 'jane.doe']) expect(masked).not.toContain(secret);
  });
  it('stays quick on a page made to be slow', () => {
    expect(threadMs(() => maskPage(`${'<input '.repeat(20_000)}${'a.'.repeat(30_000)}@`))).toBeLessThan(2_000);
  });
});

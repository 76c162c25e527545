import { describe, expect, it } from 'vitest';
import { seededRandom } from '#kernel/random.ts';
import { createSeller, SELLER_KINDS, type SellerReply } from './sellers.ts';

const offers = [7_000, 7_800, 8_400, 8_900, 9_300, 9_600];

describe('a simulated seller', () => {
  it.each(SELLER_KINDS)('%s: the same for a seed, never below the lowest, silent for good', (kind) => {
    for (let seed = 0; seed < 200; seed++) {
      const [a, b] = [createSeller(kind, 10_000, seededRandom(seed)), createSeller(kind, 10_000, seededRandom(seed))];
      let silent = false;
      for (const offer of offers) {
        const reply: SellerReply = a.answer(offer);
        expect(b.answer(offer)).toEqual(reply);
        if (silent) expect(reply.kind).toBe('silence');
        silent = reply.kind === 'silence';
        if (reply.kind === 'accept') {
          expect(offer).toBeGreaterThanOrEqual(a.lowestMinor);
          break;
        }
        if (reply.kind === 'price' || reply.kind === 'last-price') {
          expect(reply.amountMinor).toBeGreaterThanOrEqual(a.lowestMinor);
          expect(reply.amountMinor).toBeLessThanOrEqual(10_000);
          expect(a.priceNow()).toBe(reply.amountMinor);
        }
      }
    }
  });

  it('is offended by an offer of next to nothing, half of the time', () => {
    const silent = Array.from({ length: 400 }, (_, seed) => createSeller('linear', 10_000, seededRandom(seed)).answer(3_000)).filter((r) => r.kind === 'silence').length;
    expect(silent / 400).toBeGreaterThan(0.4);
    expect(silent / 400).toBeLessThan(0.62);
  });
});

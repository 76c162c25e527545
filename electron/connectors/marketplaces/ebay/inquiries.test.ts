import { expect, it } from 'vitest';
import { ClaimOrders } from './inquiries.ts';

it('a claim is joined to the order that eBay lists it for, and no order is asked about twice', async () => {
  const asked: string[] = [];
  const claim = { claimId: 'inquiry-1', itemId: '110', isOf: (orderId: string) => (asked.push(orderId), Promise.resolve(orderId === 'c')) };
  const orders = new ClaimOrders();
  expect(await orders.orderOf(claim, () => Promise.resolve(['a', 'b']))).toBeNull();
  for (let look = 0; look < 2; look++) expect(await orders.orderOf(claim, () => Promise.resolve(['c', 'b', 'a']))).toBe('c');
  expect(await orders.orderOf({ ...claim, claimId: 'inquiry-2', itemId: null }, () => Promise.resolve(['c']))).toBeNull();
  expect(asked).toEqual(['a', 'b', 'c']);
});

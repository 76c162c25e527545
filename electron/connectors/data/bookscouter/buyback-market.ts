import type { AskingPricesPort, BuybackPort } from '#engine/catalog/ports.ts';
import { toDecimal } from '#kernel/money.ts';

export const isBookCode = (code: string): boolean => /^0?97[89]\d{10}$/.test(code);

/** What buyers of used books pay, in the shape of asking prices, so that it can stand beside them. Best first. */
export function buybackMarket(port: BuybackPort, now: () => number): AskingPricesPort {
  return {
    connector: port.connector, market: port.connector,
    async askingPrices(query, call) {
      const isbn = query.code?.value.replace(/^0(?=97[89])/, '');
      if (isbn === undefined || !isBookCode(isbn)) throw new RangeError('buyers of books are asked by ISBN');
      const found = await port.buyback(isbn, call);
      if (!found) return { items: [], total: 0, unreadable: [], at: now() };
      const items = found.offers.map((offer) => ({
        market: port.connector, listingId: `${isbn} ${offer.buyer}`, url: `https://bookscouter.com/book/${isbn}`, title: found.title ?? isbn, price: offer.price, condition: 'used-good' as const, sale: 'fixed' as const, sellerName: offer.buyer,
        ...(offer.minimumOrder ? { note: `smallest order ${toDecimal(offer.minimumOrder)} ${offer.minimumOrder.currency}` } : {}),
      }));
      return { items, total: items.length, unreadable: found.unreadable, at: found.at };
    },
  };
}

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readPriceText, parsePriceText, type PriceContext } from './price-text.ts';

const amount = (text: string, context?: PriceContext) => {
  const reading = readPriceText(text, context);
  return reading.amount ?? reading.why;
};
const both = (text: string, context?: PriceContext) => {
  const { amount: value, currencyText, currency } = readPriceText(text, context);
  return [value, currencyText, currency];
};

describe('amounts', () => {
  it.each([
    ['1.599,00 €', '1599.00'], ['1,599.00', '1599.00'], ['3 173,00 €', '3173.00'], ['4\u00a0835,50 zł', '4835.50'], ["CHF 1'234.50", '1234.50'], ['CHF 1’299.–', '1299'],
    ['12,- Kč', '12'], ['₹ 1,23,456.00/-', '123456.00'], ['1,234,567 ₫', '1234567'], ['12.500 ₫', '12500'], ['.75 €', '0.75'], ['$ .75', '0.75'], ['£1.20', '1.20'], ['12 ,50 €', '12.50'],
    ['$119. 95', '119.95'], ['٣٬٢٥٠٫٥٠ د.ج', '3250.50'], ['۱۲۳ تومان', '123'], ['０１２ 円', '12'], ['12€50', '12.50'], ['1250€ 60', '1250.60'], ['0.250', '0.250'], ['0,125 €', '0.125'], ['\u200f1,200\u200e ر.س', '1200'],
  ])('reads %s', (text, expected) => expect(amount(text)).toBe(expected));

  it.each([
    ['10 - 20 €', 'range'], ['$10–$20', 'range'], ['10 to 20 USD', 'range'], ['€10 €20', 'several-prices'], ['$1,299.00 $999.00', 'several-prices'], ['50/3200', 'several-prices'], ['3 x 10 €', 'quantity-price'], ['2 for $5', 'quantity-price'],
    ['$12 99', 'malformed-number'], ['12.05.2024', 'malformed-number'], ['1.234.56', 'malformed-number'], ['1500.000 đ', 'malformed-number'], ['1.234,567', 'malformed-number'], ['EUR -,99', 'malformed-number'], ['-10 €', 'negative'], ['($5.00', '5.00'], ['iPhone12', 'measure'], ['500 ml', 'measure'],
    ['$1.5M', 'doubtful-unit'], ['15K', 'doubtful-unit'], ['2 millions', 'doubtful-unit'], ['8,705 millions DA', 'doubtful-unit'], ['مليون دج 2', 'doubtful-unit'], ['Free shipping', 'no-number'], ['-20%', 'no-number'], ['', 'no-number'], ['9'.repeat(500), 'too-long'],
  ])('gives no glued or guessed number for %s', (text, expected) => expect(amount(text)).toBe(expected));

  it('passes over what is not the price', () => {
    expect(amount('Save 20% $15.99')).toBe('15.99');
    expect(amount('16.00 € / 100 g')).toBe('16.00');
    expect(amount('10,00 EUR (11,50 EUR/kg)')).toBe('10.00');
    expect(amount('16 GB 199 €')).toBe('199');
    expect(amount('5 € 5 €')).toBe('5');
  });
  it.each([
    ['Save $10.00 (20%)', 'not-the-price'], ['£5.00 off', 'not-the-price'], ['5,00 € de réduction', 'not-the-price'], ['$5 off $25', 'not-the-price'], ['скидка 300 ₽', 'not-the-price'], ['$4.99 shipping', 'not-the-price'], ['zzgl. 4,90 € Versand', 'not-the-price'],
    ['Free shipping over $35', 'not-the-price'], ['$19.99/mo', 'not-the-price'], ['$19.99/month for 24 months', 'not-the-price'], ['10x de R$ 12,99', 'quantity-price'], ['en 3 fois 33,33 €', 'quantity-price'], ['- 5,00 €', 'negative'],
    ['Item #12345', 'measure'], ['Qty: 3', 'measure'], ['tel: 021456789', 'measure'], ['0550123456', 'measure'], ['4006381333931', 'measure'], ['4.5 out of 5', 'measure'], ['© 2024 Shop', 'measure'], ['Copyright 2024', 'measure'], ['Buy 1 get 1 free', 'quantity-price'], ['1,204 ratings', 'measure'], ['99p', 'measure'], ['1+1', 'quantity-price'],
    ['1 2 3 €', 'malformed-number'], ['12 . 99 €', 'malformed-number'], ['1 . 299 €', 'malformed-number'], ['$ 12 , 50', 'malformed-number'], ['١٢ ٫ ٥٠ د.ج', 'malformed-number'], ['12 34 €', 'malformed-number'], ['129:90 kr', 'malformed-number'], ['$1,,299', 'malformed-number'], ['1万2000円', 'doubtful-unit'], ['Rp1,25jt', 'doubtful-unit'], ['Rs 1.28 lakh', 'doubtful-unit'],
  ])('takes no saving, carriage, rate, label or torn number for a price: %s', (text, expected) => expect(amount(text)).toBe(expected));
  it.each([
    ['Was £20.00 Now £15.00', '15.00'], ['statt 49,99 € nur 29,99 €', '29.99'], ['9,99 € au lieu de 19,99 €', '9.99'], ['M.R.P.: ₹999.00 Deal: ₹499.00', '499.00'], ['Was £20.00', '20.00'], ['$19.99 + $4.99 shipping', '19.99'], ['$12.99 shipping included', '12.99'],
    ['12,99 € zzgl. Versand', '12.99'], ['2,49 € (1 l = 4,98 €)', '2.49'], ['9,99 € dont 0,12 € éco-part.', '9.99'], ['$ 100 (discount 10%)', '100'], ['₹1.5 lakh', '150000'], ['Art. 45,00', '45.00'], ['$12.00 (5 in stock)', '12.00'],
  ])('reads the price beside them: %s', (text, expected) => expect(amount(text)).toBe(expected));

  it('says when the price is a bound', () => {
    expect(readPriceText('ab 9,90 €').bound).toBe('from');
    expect(readPriceText('up to $5').bound).toBe('up-to');
    expect(parsePriceText('ab 9,90 €')).toBeNull();
  });
  it('takes free to be nothing, and only where it stands alone', () => expect([amount('Free!'), amount('Gratis')]).toEqual(['0', '0']));
  it('obeys a known decimal separator', () => {
    expect(amount('1.299', { decimalSeparator: '.' })).toBe('1.299');
    expect(amount('75,333', { decimalSeparator: ',' })).toBe('75.333');
    expect(amount('1250€600', { decimalSeparator: '€' })).toBe('1250.600');
  });
});

describe('what stands beside a price, and is none', () => {
  it.each([
    ['(5.00)', 'negative'], ['$(5.00)', 'negative'], ['(1,234.56) USD', 'negative'], ['(5,00 €)', 'negative'], ['Total (5.00)', 'negative'], ['5.00-', 'negative'], ['1.299,00- EUR', 'negative'],
    ['RTX 4090', 'measure'], ['iPhone 15 Pro Max', 'measure'], ['iPhone 15 799', 'measure'], ['ايفون 15', 'measure'], ['Айфон 15', 'measure'], ['Nike Air Max 90', 'measure'], ['WH-1000XM5', 'measure'], ['USB 3.0', 'measure'], ['12V 5A adapter', 'measure'], ['Lego 42115', 'measure'],
    ['Pack of 12', 'measure'], ['Rank #45', 'measure'], ['Only 3 left', 'measure'], ['45 unités', 'measure'], ['99 cents', 'measure'], ['5,50 € (550 cents)', 'malformed-number'], ['99¢', 'doubtful-unit'], ['Case of 12 @ $1.50', 'quantity-price'], ['Pack of 12 - $9.99 - $12.99', 'range'],
    ['10 - $20', 'range'], ['Earn $5 back', 'not-the-price'], ['Trade-in up to $500', 'not-the-price'], ['$100 store credit', 'not-the-price'], ['about $20', 'not-the-price'],
  ])('gives none for %s', (text, why) => expect(amount(text)).toBe(why));
  it.each([
    ['Pack of 12 - $9.99', '9.99'], ['Lot de 6 - 19,90 €', '19.90'], ['24 x 330 ml - $18.99', '18.99'], ['2 x 100 g 5,99 €', '5.99'], ['Pair of 2 $10 each', '10'], ['Lamp (12.99 €)', '12.99'], ['RTX 4090 $1,599', '1599'], ['Windows 11 Pro $199', '199'],
    ['Preis 45', '45'], ['Sonderpreis 45', '45'], ['PVP 45', '45'], ['Lego: 45', '45'], ['بسعر 15000', '15000'], ['Новая цена 4500', '4500'], ['now only 45', '45'], ['199,-', '199'],
  ])('reads %s', (text, expected) => expect(amount(text)).toBe(expected));
  it('takes a single letter for a currency only where it is known which', () => {
    expect([both('N12,500', { expected: 'NGN' }), both('N12,500', { currencyHint: 'NGN' })]).toEqual([['12500', 'N', 'NGN'], ['12500', 'N', 'NGN']]);
    expect([both('K 1,250.50', { expected: 'ZMW' }), both('45 000 F', { expected: 'XOF' }), amount('Was N15,000 Now N12,500', { expected: 'NGN' })]).toEqual([['1250.50', 'K', 'ZMW'], ['45000', 'F', 'XOF'], '12500']);
    expect([amount('N12,500'), amount('N12,500', { expected: 'USD' }), amount('N95 mask', { expected: 'NGN' }), amount('SN12500', { expected: 'NGN' }), amount('N12,500 - N15,000', { expected: 'NGN' })]).toEqual(['measure', 'measure', 'measure', 'measure', 'range']);
  });
  it.each([['$20+', 'from'], ['da 9,08 €', 'from'], ['1,980円〜', 'from'], ['under $20', 'up-to'], ['~ $20', 'up-to'], ['over-ear $20', 'exact']])('says of %s that it is %s', (text, bound) => expect(readPriceText(text).bound).toBe(bound));
});

describe('currencies', () => {
  it.each([
    ['R$49,90', 'R$', 'BRL'], ['NT$ 1,160', 'NT$', 'TWD'], ['1 995,00 Kč', 'Kč', 'CZK'], ['5 450 руб.', 'руб.', 'RUB'], ['230 лв.', 'лв.', 'BGN'], ['SGD$123', 'SGD', 'SGD'], ['$ 12 USD', 'USD', 'USD'], ['AED100', 'AED', 'AED'], ['R199', 'R', 'ZAR'], ['(AUD) 100', 'AUD', 'AUD'],
    ['12 500 DA', 'DA', 'DZD'], ['Dhs. 1,299.00', 'Dhs.', 'AED'], ['120 000 FCFA', 'FCFA', 'XAF'], ['$5', '$', null], ['199 kr', 'kr', null],
  ])('reads %s', (text, mark, iso) => expect(both(text).slice(1)).toEqual([mark, iso]));
  it.each([
    ['1,299 ج.م.', 'ج.م.', 'EGP'], ['1299 ج.م.\u200f', 'ج.م.\u200f', 'EGP'], ['د.ج.\u200f 3250', 'د.ج.\u200f', 'DZD'], ['1,299.00 ج.م', 'ج.م', 'EGP'], ['KShs. 1,299/-', 'KShs.', 'KES'], ['CDN$ 10.00', 'CDN$', 'CAD'], ['GH¢129.00', 'GH¢', 'GHS'], ['Gs. 129.000', 'Gs.', 'PYG'], ['1 299 тг', 'тг', 'KZT'],
    ['COP $ 12.990', 'COP', 'COP'], ['$ 12.990 COP', 'COP', 'COP'], ['0,5 ₿', '₿', 'BTC'], ['5 ₧', '₧', null], ['EA FC 24', null, null], ['Af 50', null, null], ['TOP $10.00', '$', null], ['Ball PEN $3.99', '$', null], ['$5.99 ALL', '$', null], ['CAD $5.00', 'CAD', 'CAD'],
  ])('reads %j with its mark as written', (text, mark, iso) => expect(both(text).slice(1)).toEqual([mark, iso]));
  it('does not take words for money', () => {
    for (const text of ['TOP 10', 'Krem 10', 'SALE ALL 5', 'Order 66']) expect(readPriceText(text).currencyText === null || text.includes('TOP') || text.includes('ALL')).toBe(true);
    expect(readPriceText('For Sale 5').currencyText).toBeNull();
    expect(readPriceText('12 krone').currencyText).toBeNull();
  });
  it.each([
    ['A partire da 9,08 €', '€'], ['A PARTIRE DA 9,08 €', '€'], ['din 100 lei', 'lei'], ['Size M 49.99', null], ['S/M 49.99', null], ['5 L', null], ['12 500 da', 'da'], ['DA 12500', 'DA'], ['199 R', null], ['€\n12.99', '€'], ['US$:12.99', 'US$'],
  ])('reads %j as %s', (text, mark) => expect(readPriceText(text).currencyText).toBe(mark));
  it('settles a shared mark by what is expected, and by nothing else', () => {
    expect(both('$5', { expected: 'CAD' })[2]).toBe('CAD');
    expect(both('¥5', { expected: 'USD' })[2]).toBeNull();
    expect(both('5', { expected: 'DZD' })).toEqual(['5', null, 'DZD']);
  });
  it('tells the two francs of Africa apart by what is expected, and rupees by their code', () => {
    expect([both('12 500 FCFA', { expected: 'XOF' })[2], both('12 500 F CFA', { expected: 'XAF' })[2], both('12 500 F CFA')[2]]).toEqual(['XOF', 'XAF', null]);
    expect(both('Rs. 12,500.00 PKR')).toEqual(['12500.00', 'PKR', 'PKR']);
    expect(both('EUR 5', { expected: 'USD' })[2]).toBe('EUR');
  });
  it('falls back to the hint', () => {
    expect(both('180', { currencyHint: '€' })).toEqual(['180', '€', 'EUR']);
    expect(both('1 995,00 Kč', { currencyHint: '685 €' })[1]).toBe('Kč');
    expect(both('34', { currencyHint: 'Add to cart' })[1]).toBeNull();
  });
});

describe('units', () => {
  it('takes an Algerian million for a million centimes', () => {
    expect(both('2,5 millions DA')).toEqual(['25000', 'DA', 'DZD']);
    expect(amount('1.2 milliard', { expected: 'DZD' })).toBe('12000000');
    expect(amount('15 mille DA')).toBe('15000');
    expect(amount('15k DA')).toBe('15000');
    expect(amount('1 million €')).toBe('1000000');
  });
  it('knows three-decimal currencies', () => {
    expect(parsePriceText('1.250 KWD')).toEqual({ minor: 1250, currency: 'KWD' });
    expect(parsePriceText('12,500 DT')).toEqual({ minor: 12_500, currency: 'TND' });
    expect(amount('25,000 IQD')).toBe('25000');
    expect(amount('1,250 KWD')).toBe('1250');
  });
});

describe('parsePriceText', () => {
  it('gives money in minor units, and nothing without a sure currency', () => {
    expect(parsePriceText('1.599,00 €')).toEqual({ minor: 159_900, currency: 'EUR' });
    expect(parsePriceText('$5')).toBeNull();
    expect(parsePriceText('$5', { expected: 'USD' })).toEqual({ minor: 500, currency: 'USD' });
    expect(parsePriceText('1.2345 €')).toBeNull();
  });
  it('reads back every amount in every common way of writing it', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 99_999_999 }), fc.constantFrom([',', '.'], ['.', ','], [' ', ','], ['\u00a0', ','], ["'", '.'], ['', '.'], ['', ',']), (minor, [group, point]) => {
      const whole = String(Math.floor(minor / 100)).replace(/\B(?=(\d{3})+$)/g, group ?? '');
      return parsePriceText(`${whole}${point}${String(minor % 100).padStart(2, '0')} EUR`)?.minor === minor;
    }));
  });
  it('never throws and gives plain decimals only', () => {
    fc.assert(fc.property(fc.string({ unit: fc.constantFrom(...'0123456789.,  €$-–/xkKMDAد.ج\'٣%'), maxLength: 40 }), (text) => {
      const { amount: value } = readPriceText(text);
      return value === null || /^\d+(\.\d+)?$/.test(value);
    }), { numRuns: 2_000 });
  });
});

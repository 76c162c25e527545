import { expect, it } from 'vitest';
import { readAmount, readOrderNumber, readTotal } from './read-checkout-text.ts';

it.each([
  ['$52.45', 'USD', 5_245], ['1 234,50 €', 'EUR', 123_450], ['12 500 DA', 'DZD', 1_250_000], ['Total: 1,234', 'USD', 123_400], ['1.234,00 EUR', 'EUR', 123_400], ['52,5 €', 'EUR', 5_250], ['€ 12', 'USD', null], ['free', 'USD', null], ['٤٥٫٥٠ دج', 'DZD', 4_550],
])('the amount of "%s" in %s is %s', (line, currency, minor) => expect(readAmount(line, currency)?.minor ?? null).toBe(minor));

it.each([
  ['Subtotal\t$40.00\nShipping\t$8.50\nTotal\t$48.50\nCard number', 4_850], ['Items total: $40.00\nOrder total\n$48.50', 4_850], ['Your order no. CO-10002 is confirmed. Amount paid: $19.99.', 1_999], ['Total savings $3.00', null], ['Total\t€48.50', null], ['nothing here', null],
])('the total of a page', (text, minor) => expect(readTotal(text, 'USD')?.minor ?? null).toBe(minor));

it.each([
  ['Thank you. Your order has been received.\nOrder number:\n10001\nDate:\n21 November', '10001'], ['Thanks for your order!\nYour order no. CO-10002 is confirmed.', 'CO-10002'], ['Merci pour votre commande !\nCommande n° 4711-B', '4711-B'], ['تم استلام طلبك\nرقم الطلب: 98765', '98765'],
  ['Checkout\nYour order\nTotal $48.50', null], ['Order number 10001', null], ['Thank you for visiting', null],
])('the number on a page', (text, number) => expect(readOrderNumber(text)).toBe(number));

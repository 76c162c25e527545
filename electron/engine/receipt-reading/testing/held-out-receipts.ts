/** Written after the rules, and never tuned to: what the rules do with receipts that they were not made for. */
import { labelled, type LabelledReceipt } from './labelled-receipts.ts';

export const HELD_OUT_RECEIPTS: readonly LabelledReceipt[] = [
  labelled('hardware till', 'USD', [`
ACE HARDWARE OF DAYTON
4410 Salem Ave
Dayton OH 45416
937-555-0199
SALE  #C0442-118
12/28/2025   3:15PM

6021147  PAINT BRUSH 2IN      2 EA    4.99 EA     9.98
8113320  WD-40 8OZ            1 EA    7.49 EA     7.49

SUB-TOTAL: $17.47
TAX: $1.31
TOTAL: $18.78
BC AMT: $18.78`, { seller: 'ACE HARDWARE OF DAYTON', number: 'C0442-118', on: '2025-12-28', currency: 'USD', subtotal: 1747, tax: 131, total: 1878, items: [['PAINT BRUSH 2IN', 2, 998], ['WD-40 8OZ', 1, 749]] }]),
  labelled('Shopify mail', 'USD', [`
Order #1043
Thank you for your purchase!
Retro Reel Shop
View your order
Order summary
Kodak Gold 200 (3-pack) × 2
$53.90
Film canister × 1
$6.00
Subtotal	$59.90
Shipping	$5.50
Taxes	$4.79
Total	$70.19 USD`, { seller: 'Retro Reel Shop', number: '1043', on: null, currency: 'USD', subtotal: 5990, shipping: 550, tax: 479, total: 7019, items: [['Kodak Gold 200 (3-pack)', 2, 5390], ['Film canister', 1, 600]] }]),
  labelled('Fnac', 'EUR', [`
FNAC LYON PART-DIEU
Ticket : 0124-5587
Date : 24/01/2026  18:44
Livre "L'étranger"          7,40
Casque Sony WH-CH520       49,99
Sous-total                 57,39
Adhérent -5%               -2,87
TOTAL A PAYER              54,52 EUR
Carte bancaire             54,52
TVA 5,5%   0,37
TVA 20%    7,92`, { seller: 'FNAC LYON PART-DIEU', number: '0124-5587', on: '2026-01-24', currency: 'EUR', subtotal: 5739, discount: 287, tax: 829, total: 5452, items: [['Livre "L\'étranger"', 1, 740], ['Casque Sony WH-CH520', 1, 4999]] }]),
  labelled('wholesaler, Blida', 'DZD', [`
EURL SARA DISTRIBUTION
Zone d'activité, Blida
NIF 001209018765432
FACTURE N° 118/2026
Blida le 02/02/2026
Réf     Désignation            Quantité   Prix U.   Montant
A-110   Ventilateur sur pied       6      3 200,00  19 200,00
A-204   Rallonge 5 m              24        410,00   9 840,00
                               Total HT :          29 040,00
                               TVA 19 % :           5 517,60
                               Total TTC :         34 557,60
Arrêtée la présente facture à la somme de trente-quatre mille cinq cent cinquante-sept dinars`, { seller: 'EURL SARA DISTRIBUTION', number: '118/2026', on: '2026-02-02', currency: 'DZD', subtotal: 2904000, tax: 551760, total: 3455760, items: [['Ventilateur sur pied', 6, 1920000], ['Rallonge 5 m', 24, 984000]] }]),
  labelled('charity shop', 'GBP', [`
British Heart Foundation
Furniture & Electrical
Store 1182
Tx 55209  Op 14
20 Jan 26  12:02

Electricals
 Dyson DC24          £45.00
Media
 Vinyl LP             £3.00
 Vinyl LP             £3.00

3 items   TOTAL     £51.00
Mastercard          £51.00`, { seller: 'British Heart Foundation', number: '55209', on: '2026-01-20', currency: 'GBP', total: 5100, items: [['Dyson DC24', 1, 4500], ['Vinyl LP', 1, 300], ['Vinyl LP', 1, 300]] }]),
  labelled('AliExpress page', 'USD', [`
AliExpress
Order ID: 8192007741135520
Order placed on: Feb 11, 2026
Shenzhen Lucky Store
10pcs AA battery holder
$3.18 x5
Subtotal $15.90
Shipping fee $2.41
Store discount -$1.00
Total $17.31`, { seller: 'Shenzhen Lucky Store', number: '8192007741135520', on: '2026-02-11', currency: 'USD', subtotal: 1590, shipping: 241, discount: 100, total: 1731, items: [['10pcs AA battery holder', 5, 1590]] }]),
  labelled('Discogs', 'EUR', [`
Discogs Order 4471902-118
Seller: vinyl_kontor
Order date: 13-Mar-26
Daft Punk - Homework (2xLP, Album) EUR 22.00
Air - Moon Safari (LP) EUR 18.50
Subtotal: EUR 40.50
Shipping: EUR 8.00
Total: EUR 48.50`, { seller: 'vinyl_kontor', number: '4471902-118', on: '2026-03-13', currency: 'EUR', subtotal: 4050, shipping: 800, total: 4850, items: [['Daft Punk - Homework (2xLP, Album)', 1, 2200], ['Air - Moon Safari (LP)', 1, 1850]] }]),
  labelled('سوق واد كنيس', 'DZD', [`
محل الأمل للأدوات
فاتورة رقم: 77
التاريخ: 19-01-2026
البيان   الكمية   السعر   المجموع
مثقاب كهربائي   1   8500.00   8500.00
مفك براغي   3   250.00   750.00
الإجمالي   9250.00 دج`, { seller: 'محل الأمل للأدوات', number: '77', on: '2026-01-19', currency: 'DZD', total: 925000, items: [['مثقاب كهربائي', 1, 850000], ['مفك براغي', 3, 75000]] }]),
  labelled('Costco', 'USD', [`
COSTCO WHOLESALE
#1062 Columbus
Member 111900022
E  1180043  KS BATTERY AA     17.99 N
   990228   INSTANT POT       79.99 A
   0000330 / 990228           20.00-A
SUBTOTAL                      77.98
TAX                            4.50
**** TOTAL                    82.48
01/17/2026 14:22`, { seller: 'COSTCO WHOLESALE', number: null, on: '2026-01-17', currency: null, subtotal: 7798, tax: 450, total: 8248, items: [['KS BATTERY AA', 1, 1799], ['INSTANT POT', 1, 7999]] }]),
  labelled('Darty mail', 'EUR', [`
Votre commande est confirmée
Numéro de commande : D26-778210
Passée le 5 mars 2026
Aspirateur Rowenta X-Force
Quantité : 2
Prix unitaire : 149,00 €
Total articles : 298,00 €
Frais de livraison : 4,99 €
Éco-participation : 1,00 €
Montant total de la commande : 303,99 €`, { seller: null, number: 'D26-778210', on: '2026-03-05', currency: 'EUR', subtotal: 29800, shipping: 499, fees: 100, total: 30399, items: [['Aspirateur Rowenta X-Force', 2, 29800]] }]),
  labelled('PayPal', 'USD', [`
PayPal
Receipt for your payment to Jordan's Parts Bin
Transaction ID: 6XK11829HT
Jan 30, 2026
Description  Unit price  Qty  Amount
Carburetor kit   $24.00   2   $48.00
Shipping and handling   $7.00
Total   $55.00 USD`, { seller: "Jordan's Parts Bin", number: '6XK11829HT', on: '2026-01-30', currency: 'USD', shipping: 700, total: 5500, items: [['Carburetor kit', 2, 4800]] }]),
  labelled('numbers alone', 'EUR', [`
12,50
7,90
20,40`, { seller: null, number: null, on: null, currency: null, total: null, items: [] }]),
];

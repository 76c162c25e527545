import type { Business } from '#contract/settings.ts';
import type { Currency } from '#kernel/money.ts';

const EURO = 'AT BE BG CY DE EE ES FI FR GR HR IE IT LT LU LV MT NL PT SI SK AD MC SM VA ME XK';
/** What shops of a country ask in (written from memory, not from a dated list). A country that is not here asks in the home currency, as far as the program knows. */
const OF_COUNTRY: Readonly<Record<string, readonly Currency[]>> = {
  ...Object.fromEntries(EURO.split(' ').map((country) => [country, ['EUR']])),
  US: ['USD'], PR: ['USD'], EC: ['USD'], SV: ['USD'], CA: ['CAD'], MX: ['MXN'], BR: ['BRL'], GB: ['GBP'], CH: ['CHF'], NO: ['NOK'], SE: ['SEK'], DK: ['DKK'], PL: ['PLN'], CZ: ['CZK'], HU: ['HUF'], RO: ['RON'], TR: ['TRY'],
  DZ: ['DZD'], MA: ['MAD'], TN: ['TND'], EG: ['EGP'], LY: ['LYD'], NG: ['NGN'], GH: ['GHS'], KE: ['KES'], ZA: ['ZAR'], ZW: ['USD', 'ZWG'], ZM: ['ZMW'], UG: ['UGX'], RW: ['RWF'], TZ: ['TZS'], ET: ['ETB'],
  SN: ['XOF'], CI: ['XOF'], ML: ['XOF'], BF: ['XOF'], BJ: ['XOF'], TG: ['XOF'], NE: ['XOF'], CM: ['XAF'], GA: ['XAF'], TD: ['XAF'], CG: ['XAF'],
  AE: ['AED'], SA: ['SAR'], QA: ['QAR'], KW: ['KWD'], BH: ['BHD'], OM: ['OMR'], JO: ['JOD'], IL: ['ILS'], IN: ['INR'], PK: ['PKR'], BD: ['BDT'], JP: ['JPY'], CN: ['CNY'], KR: ['KRW'], SG: ['SGD'], HK: ['HKD'],
  MY: ['MYR'], TH: ['THB'], ID: ['IDR'], PH: ['PHP'], VN: ['VND'], AU: ['AUD'], NZ: ['NZD'],
};

/** What is asked for goods where the business takes them in: goods in another currency come from abroad. The home currency as long as no address is given. */
export function localCurrencies({ address, homeCurrency }: Pick<Business, 'address' | 'homeCurrency'>): readonly Currency[] {
  return (address.line1.trim() === '' ? undefined : OF_COUNTRY[address.country]) ?? [homeCurrency];
}

/**
 * How currencies are written in price texts. Sources: Unicode CLDR 45 (symbols and native symbols), ISO 4217 lists one and three, and forms seen in shops.
 * A *strong* mark means a currency wherever it stands. A *weak* one is also a word or a unit (`L`, `kr`, `ALL`) and counts only beside a number.
 */
import type { Currency } from './money.ts';

export interface CurrencyMark {
  readonly text: string;
  /** Null where several currencies share the mark: the caller's expectation decides, among `MARK_CURRENCIES`. */
  readonly currency: Currency | null;
  readonly weak: boolean;
  /** An ISO code in capitals; beside a `$` it is the one that tells. */
  readonly isCode: boolean;
  /** A letter at its start (end) must not touch another letter before (after) it. */
  readonly letterFirst: boolean;
  readonly letterLast: boolean;
}

/** Currencies that a shared mark can stand for. */
export const MARK_CURRENCIES: Readonly<Record<string, readonly Currency[]>> = {
  $: ['USD', 'CAD', 'AUD', 'NZD', 'SGD', 'HKD', 'MXN', 'ARS', 'CLP', 'COP', 'TWD', 'UYU', 'DOP', 'BSD', 'BBD', 'BZD', 'BMD', 'FJD', 'GYD', 'JMD', 'KYD', 'LRD', 'NAD', 'SRD', 'TTD', 'XCD', 'ZWL', 'ZWG', 'BND'],
  '£': ['GBP', 'EGP', 'FKP', 'GIP', 'LBP', 'SHP', 'SYP', 'SSP'],
  '₤': ['GBP', 'TRY', 'ITL'],
  '¥': ['JPY', 'CNY'], '￥': ['JPY', 'CNY'], '円': ['JPY'], '元': ['CNY', 'TWD', 'HKD'], '圆': ['CNY'], '圓': ['TWD', 'HKD', 'CNY'], 圓整: ['TWD'],
  kr: ['SEK', 'NOK', 'DKK', 'ISK'], rs: ['INR', 'PKR', 'LKR', 'NPR', 'MUR', 'SCR'], 're': ['INR', 'PKR', 'LKR', 'NPR'], '₨': ['INR', 'PKR', 'LKR', 'NPR', 'MUR', 'SCR'],
  fr: ['CHF', 'XOF', 'XAF', 'XPF'], sfr: ['CHF'], 'дин': ['RSD'], '﷼': ['IRR', 'SAR', 'OMR', 'QAR', 'YER'], 'ریال': ['IRR'], 'ريال': ['SAR', 'OMR', 'QAR', 'YER'],
  'دينار': ['DZD', 'TND', 'LYD', 'IQD', 'JOD', 'KWD', 'BHD'], 'درهم': ['AED', 'MAD'], 'جنيه': ['EGP', 'SDG'], 'ليرة': ['SYP', 'LBP', 'TRY'],
  l: ['HNL', 'MDL', 'ALL'], k: ['PGK', 'MMK', 'ZMW'], dh: ['AED', 'MAD'], dhs: ['AED', 'MAD'], le: ['EGP', 'SLE'], lei: ['RON', 'MDL'], leu: ['RON', 'MDL'], '¢': ['CRC', 'SVC', 'GHS'], '¤': [], '₡': ['CRC', 'SVC'],
  cfa: ['XOF', 'XAF'], 'f cfa': ['XOF', 'XAF'], fcfa: ['XAF', 'XOF'], man: ['AZN', 'TMT'], m: ['TMT', 'AZN'], p: ['BWP', 'RUB'], s: ['KGS', 'UZS'], 'лв': ['BGN', 'UZS', 'KGS'], 'сом': ['KGS', 'UZS'], 'сўм': ['UZS'], bs: ['BOB', 'VES'],
  r: ['ZAR'], 'ƒ': ['AWG', 'ANG'],
};

/** Unambiguous signs: strong wherever they stand. `_` is a space. */
const STRONG: Readonly<Record<Currency, string>> = {
  EUR: '€ EUR_€ EURO EUROS Euro Euros euro euros Eur eur ευρώ', GBP: 'GB£ UK£', USD: 'US$ U$S US_$', CAD: 'CA$ C_$ CDN$', AUD: 'AU$ A$ AU_$', NZD: 'NZ$', SGD: 'S$ SG$', HKD: 'HK$', TWD: 'NT$', MXN: 'MX$ Mex$ MEX$',
  ARS: 'AR$', CLP: 'CL$', COP: 'CO$ COL$ COP$', UYU: '$U', DOP: 'RD$', BRL: 'R$', NIO: 'C$', JMD: 'J$', TTD: 'TT$', BZD: 'BZ$', BBD: 'Bds$ BDS$', BND: 'BN$ B$', CUC: 'CUC$', CUP: '$MN', MOP: 'MOP$', NAD: 'N$', FJD: 'FJ$', ZWL: 'Z$', XCD: 'EC$',
  TOP: 'T$', WST: 'WS$', SBD: 'SI$', GYD: 'GY$ G$', CVE: 'CV$', KYD: 'CI$', LRD: 'L$', SRD: 'Sr$ SR$',
  SYP: 'SY£ £S ل.س', LBP: 'LB£ ل.ل', EGP: 'E£ EG£ ج.م', JPY: 'JP¥ 円', CNY: 'CN¥ RMB 人民币', GHS: 'GH₵ ₵ GH¢', NGN: '₦', ILS: '₪ NIS ש״ח ש"ח שח', VND: '₫ đ VNĐ vnđ', KRW: '₩ ￦ 원', INR: '₹ ₹. ૱ ௹',
  PHP: '₱', UAH: '₴ грн. грн ГРН. ГРН Грн. Грн hrn', KZT: '₸ тңг. тңг тг. тг тенге', MNT: '₮', LAK: '₭', THB: '฿ บาท', KHR: '៛', CRC: '₡', PYG: '₲', TRY: '₺ YTL', RUB: '₽ руб. руб РУБ. РУБ Руб. Руб рублей рубля рубль', GEL: '₾', AMD: '֏ դր. դր драм', AZN: '₼ ман. манат',
  BDT: '৳ ৲ টকা', KES: 'KSh Ksh KSH Ksh. KSh. KShs KShs. Kshs Kshs.', TZS: 'TSh TSH', UGX: 'USh USH', PLN: 'zł Zł ZŁ zl Zl złotych zlotych', CZK: 'Kč kč KČ Kc', HUF: 'Ft. forint', CHF: 'CHF SFr. sFr. Sfr. SFr sFr', BGN: 'лв. лв ЛВ лева', RSD: 'дин. дин динар Dinara dinara РСД', MKD: 'ден. ден денари', ISK: 'Ikr', DKK: 'DKK Dkr', SEK: 'Skr', NOK: 'Nkr',
  IDR: 'Rp Rp. RP rp', MUR: 'MURs', LKR: 'SLRs රු රු.', PKR: 'PKRs', NPR: 'NPRs नेरू रू', ETB: 'ብር', PEN: 'S/.', PAB: 'B/.', VEF: 'Bs.F. Bs.F BsF', VES: 'Bs.S BsS', GTQ: 'Q.', MZN: 'MTn', ERN: 'Nfk', XAF: 'FCFA Fcfa fcfa', XPF: '₣ F_CFP',
  DZD: 'د.ج دج د_ج دينار_جزائري دينار_جزائرى dinars_algériens', MAD: 'د.م. د.م', TND: 'د.ت', LYD: 'ل.د د.ل', IQD: 'ع.د د.ع', JOD: 'د.ا د.أ دينار_أردني', KWD: 'د.ك', BHD: 'د.ب .د.ب', AED: 'د.إ Dhs. Dhs DHS dhs درهم_إماراتي', SAR: 'ر.س ريال_سعودي', QAR: 'ر.ق', OMR: 'ر.ع. ر.ع', YER: 'ر.ي', SDG: 'ج.س', IRT: 'تومان تومن', IRR: 'ریال', AFN: '؋', MVR: 'Rf Rf. ރ .ރ', UZS: "so'm soʻm so‘m сўм", RWF: 'R₣ FRw', BYN: 'Br. бел.руб. бел._руб.', ANG: 'NAƒ NAf. NAƒ.', BTC: '₿',
};

/** Shared or unclear signs that are still surely money. */
const STRONG_SHARED = '$ £ ₤ ₠ ₢ ₧ ₯ ₰ ₳ ₶ ₷ ₻ ℳ ¥ ￥ 元 圆 圓 ¢ ¤ ﷼ ₨ ƒ ﹩ ＄ р. Р. Rs. RS. rs. Fr. fr. FR. ريال دينار درهم جنيه ليرة lei LEI Lei leu F_CFA';

/** Words and letters that are money only beside a number. */
const WEAK: Readonly<Record<Currency, string>> = {
  RUB: 'р Р p. р/', HUF: 'Ft FT', TRY: 'TL Tl tl', MYR: 'RM Rm rm', BDT: 'Tk Tk.', AOA: 'Kz kwz Kwz', MZN: 'MT Mt', HRK: 'kn Kn KN', BAM: 'KM km.', ALL: 'Lek lek', ZAR: 'R', ILS: 'nis', RSD: 'din. din Din. Din', PEN: 'S/', GNF: 'FG', MRU: 'UM', BTN: 'Nu. Nu', AWG: 'Afl. Afl', STN: 'Db', CVE: 'Esc', ETB: 'Br', LTL: 'Lt', LVL: 'Ls', VUV: 'Vt', ZMW: 'ZK', MWK: 'MK', MGA: 'Ar', SLE: 'Sl', SCR: 'SR', SAR: 'SR. S.R', QAR: 'QR Q.R', KWD: 'KD K.D.', BHD: 'BD', JOD: 'JD', LYD: 'LD', TND: 'DT', DZD: 'DA Da da D.A. D.A', EGP: 'LE L.E L.E. EGP£', TJS: 'SM ЅМ', SOS: 'Ssh Sh.So.', EEK: 'Ekr', PLN: 'ZL', AZN: 'man.', CZK: 'Kcs', BYN: 'Br', CNY: '¥元', PAB: 'B/', MOP: 'P$',
  BTC: 'BTC', ZWG: 'ZiG', PYG: 'Gs. Gs', AFN: 'Af', BIF: 'FBu', CDF: 'FrCD FC', DJF: 'Fdj', KMF: 'CF',
};
const WEAK_SHARED = 'kr Kr KR Rs RS rs Re Fr FR fr DH Dh dh DHs CFA Cfa cfa Bs Bs. BS сом Сом с. man';

/** Weak marks that are common words before a number (Italian `da 9,08 €`, `p. 12`): money only after one. */
export const ONLY_AFTER: ReadonlySet<string> = new Set(['da', 'Da', 'p.', 'с.', 'din', 'fr', 'Re', 'nis', 'FC', 'CF', 'Af']);
/** And one that is money only before: `R 199`, not `199 R`. */
export const ONLY_BEFORE: ReadonlySet<string> = new Set(['R', 'S/', 'RS', 'BS']);

/** ISO 4217 codes in use or still met in shops, and two that are no codes but written as such (IRT, NIS is above). */
const CODES =
  'AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BYR BZD CAD CDF CHF CLP CNY COP CRC CUC CUP CVE CZK DJF DKK DOP DZD EEK EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HRK HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LTL LVL LYD MAD MDL MGA MKD MMK MNT MOP MRO MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RUR RWF SAR SBD SCR SDG SEK SGD SHP SLE SLL SOS SRD SSP STD STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VEF VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMK ZMW ZWD ZWG ZWL';

/** Codes that are also words, sizes or model names in capitals. */
const WORD_CODES = new Set(['ALL', 'TOP', 'TRY', 'MAD', 'PEN', 'CUP', 'COP', 'BAM', 'BOB', 'GEL', 'LAK', 'SOS', 'MOP', 'ANG', 'STD', 'ERN', 'GIP', 'MRO', 'CAD', 'ARS', 'CVE', 'SHP', 'ETB', 'RON', 'RUB', 'INR', 'CLP', 'KES', 'XAF']);

/** Letters of the scripts that currency words are written in: `kr` inside `krem` is no mark. */
export function isLetterCode(c: number): boolean {
  if (c < 0xc0) return (c >= 65 && c <= 90) || (c >= 97 && c <= 122);
  return (
    (c < 0x250 && c !== 0xd7 && c !== 0xf7) || (c >= 0x370 && c < 0x530) || (c >= 0x561 && c <= 0x587) || (c >= 0x5d0 && c <= 0x5ea) || (c >= 0x620 && c <= 0x64a) || (c >= 0x671 && c <= 0x6d3) || (c >= 0x1e00 && c < 0x1f00)
  );
}

function markOf(text: string, currency: Currency | null, kind: { weak: boolean; isCode?: boolean }): CurrencyMark {
  return {
    text, currency, weak: kind.weak, isCode: kind.isCode ?? false,
    letterFirst: isLetterCode(text.charCodeAt(0)), letterLast: isLetterCode(text.charCodeAt(text.length - 1)),
  };
}

const split = (list: string) => list.split(' ').map((t) => t.replaceAll('_', ' '));

/** CLDR writes Arabic abbreviations with a point and a mark of direction at the end (`ج.م.‏`), shops without either. */
const withArabicEnds = (text: string) => (/^[\u0621-\u064a](?:\.[\u0621-\u064a])+$/.test(text) ? [text, `${text}.`, `${text}.\u200f`] : [text]);

function collect(): Map<string, CurrencyMark> {
  const marks = new Map<string, CurrencyMark>();
  const put = (mark: CurrencyMark) => {
    if (!marks.has(mark.text)) marks.set(mark.text, mark);
  };
  for (const text of split(STRONG_SHARED)) put(markOf(text, null, { weak: false }));
  for (const [currency, list] of Object.entries(STRONG)) for (const text of split(list).flatMap(withArabicEnds)) put(markOf(text, currency, { weak: false }));
  for (const code of CODES.split(' ')) {
    put(markOf(code, code === 'RUR' ? 'RUB' : code, { weak: WORD_CODES.has(code), isCode: true }));
    if (WORD_CODES.has(code)) continue;
    const lower = code.toLowerCase();
    put(markOf(lower, code, { weak: true }));
    put(markOf(code[0] + lower.slice(1), code, { weak: true }));
  }
  for (const text of split(WEAK_SHARED)) put(markOf(text, null, { weak: true }));
  for (const [currency, list] of Object.entries(WEAK)) for (const text of split(list)) put(markOf(text, currency, { weak: true }));
  return marks;
}

/** For a UTF-16 code unit, the marks that begin with it, longest first. Index 0 is empty: most characters begin no mark. */
function dispatch(): { readonly index: Uint8Array; readonly lists: readonly (readonly CurrencyMark[])[] } {
  const byFirst = new Map<number, CurrencyMark[]>();
  for (const mark of collect().values()) {
    const first = mark.text.charCodeAt(0);
    const list = byFirst.get(first);
    if (list) list.push(mark);
    else byFirst.set(first, [mark]);
  }
  const index = new Uint8Array(65_536);
  const lists: CurrencyMark[][] = [[]];
  for (const [first, list] of byFirst) {
    index[first] = lists.length;
    lists.push(list.sort((a, b) => b.text.length - a.text.length));
  }
  if (lists.length > 255) throw new Error('the mark index holds at most 255 first letters');
  return { index, lists };
}

const { index, lists } = dispatch();

/** Currencies written with one plain letter, which means so many other things that it counts only where the currency is known from elsewhere. Source: CLDR's narrow forms, and shops. */
export const LETTER_MARKS: Readonly<Record<Currency, { readonly mark: CurrencyMark; readonly side: 'before' | 'after' }>> = Object.fromEntries([
  ...Object.entries({ NGN: 'N', GTQ: 'Q', ZMW: 'K', PGK: 'K', HNL: 'L', BWP: 'P', SZL: 'E', GMD: 'D' }).map(([currency, text]) => [currency, { mark: markOf(text, currency, { weak: true }), side: 'before' as const }] as const),
  ...['XOF', 'XAF', 'XPF', 'CDF', 'GNF', 'RWF', 'BIF', 'DJF', 'KMF'].map((currency) => [currency, { mark: markOf('F', currency, { weak: true }), side: 'after' as const }] as const),
]);

/** The longest currency mark that stands at `at`, or null. */
export function markAt(text: string, at: number): CurrencyMark | null {
  const slot = index[text.charCodeAt(at)];
  if (!slot) return null;
  const list = lists[slot] as readonly CurrencyMark[];
  const afterLetter = at > 0 && isLetterCode(text.charCodeAt(at - 1));
  for (const mark of list) {
    if (afterLetter && mark.letterFirst) continue;
    if (!text.startsWith(mark.text, at)) continue;
    const end = at + mark.text.length;
    if (mark.letterLast && end < text.length && isLetterCode(text.charCodeAt(end))) continue;
    return mark;
  }
  return null;
}

/** The currency of a mark, helped by the currency that the caller expects; null while it stays open. */
export function resolveMark(mark: CurrencyMark, expected: Currency | null): Currency | null {
  if (mark.currency !== null && (expected === null || mark.isCode || expected === mark.currency)) return mark.currency;
  const choices = MARK_CURRENCIES[mark.text] ?? MARK_CURRENCIES[mark.text.toLowerCase().replace(/\.$/, '')] ?? [];
  if (expected !== null && choices.includes(expected)) return expected;
  if (mark.currency !== null) return mark.currency;
  if (choices.length === 1 || mark.text === '£') return choices[0] ?? null;
  return mark.text === 'р.' || mark.text === 'Р.' ? 'RUB' : null;
}

/** A quantity with a unit, in the base unit of its kind: `500 ml` is 0.5 of `volume-l`. */
export interface Measure { readonly kind: string; readonly value: number }

/** What a title says beside its words. */
export interface TitleFacts {
  /** Plain words in order: lower case, no accents, decimals kept, `d-r560` as `dr560`. */
  readonly tokens: readonly string[];
  readonly brand: string | null;
  /** Words that look like a maker's number: letters and digits, or five digits and more. */
  readonly models: readonly string[];
  /** Pieces in what is sold; null where the title does not say. */
  readonly packSize: number | null;
  readonly measures: readonly Measure[];
  readonly colours: readonly string[];
  /** Words that tell editions and variants apart: `upgrade`, `pro`, `student`, `mac`. */
  readonly editions: readonly string[];
  readonly conditions: readonly string[];
  readonly years: readonly number[];
  /** Bare numbers and versions, as text. */
  readonly numbers: readonly string[];
}

export const ASCII = /^[\x20-\x7e]*$/;
const ARABIC_DIGITS = /[٠-٩۰-۹]/g;

/** One writing for all: NFKD without marks, lower case, Latin digits, spaces that tokenisers put inside numbers and models taken out. */
export function plainTitle(text: string): string {
  if (text === '') return '';
  const latin = ASCII.test(text) ? text.toLowerCase() : text.normalize('NFKD').replace(/[\u0300-\u036f\u064b-\u0655\u0640]/g, '').toLowerCase()
    .replace(ARABIC_DIGITS, (digit) => String(digit.charCodeAt(0) & 0xf)).replace(/[أإآ]/g, 'ا').replace(/ة/g, 'ه').replace(/[’‘´]/g, "'").replace(/[‐-―−]/g, '-');
  return latin.replaceAll('`', "'").replace(/(\d) \.(\d)/g, '$1.$2').replace(/(\d),(\d{3})\b/g, '$1$2').replace(/(\w) -(\w)/g, '$1-$2').replace(/\s+/g, ' ').trim();
}

/** Letters alone: nearly every word. */
const PLAIN_WORD = /^[a-z]+$/;

/** Words of a plain title. Hyphened words are parted, but parts with digits stay one: they are models. */
export function tokenise(plain: string): string[] {
  const tokens: string[] = [];
  if (plain === '') return tokens;
  for (const chunk of plain.split(/[\s,;:()[\]{}"!?|*+=<>_~\\®™©&]+/)) {
    if (PLAIN_WORD.test(chunk)) {
      tokens.push(chunk);
      continue;
    }
    const word = chunk.replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, '').replace(/'s$/, '').replaceAll("'", '');
    if (word === '') continue;
    if (!/\d/.test(word)) {
      for (const part of word.split(/[^\p{L}\p{N}]+/u)) if (part !== '') tokens.push(part);
    } else if (/^\d+\.\d+$/.test(word)) tokens.push(word.replace(/\.0+$/, ''));
    else if (word.includes('/')) for (const part of word.split('/')) pushJoined(part, tokens);
    else pushJoined(word, tokens);
  }
  return tokens;
}

function pushJoined(word: string, tokens: string[]): void {
  const version = /^v(?:er(?:sion)?)?\.?(\d+(?:\.\d+)?)$/.exec(word)?.[1];
  if (version !== undefined) tokens.push(version.replace(/\.0+$/, ''));
  else {
    const joined = word.replace(/[^\p{L}\p{N}.]+/gu, '').replace(/\.(?!\d)|(?<!\d)\./g, '');
    if (joined !== '') tokens.push(joined);
  }
}

const COUNT = String.raw`(\d{1,4})`;
/** A count of pieces, in English, French, Arabic, Spanish and German; the first that fits is taken. */
const PACKS: readonly RegExp[] = [
  new RegExp(String.raw`\b(?:pack|pkg|package|packs|set|lot|box|case|carton|bundle|bag|lote|juego|paquete|paquet|boite|caja|sachet|packung|karton|coffret|jeu)\s*(?:of|de|d'|von|mit|a|:)\s*${COUNT}(?![\d.])`),
  // a maker's number may end right before the word: `ME2317 pack 6`
  new RegExp(String.raw`(?<![a-wyz\d./-])${COUNT}\s*-?\s*(?:packs?|pks?|pcs?|pieces?|count|cts?|cnt|stuck|stk|unidades|uds|piezas|unites|units)\b`),
  new RegExp(String.raw`(?:عبوه|طقم|علبه|حزمه|كرتون|كرتونه|باكيت|مجموعه|صندوق)\s*(?:من\s*)?${COUNT}(?![\d.])`),
  new RegExp(String.raw`(?<![\d.])${COUNT}\s*(?:قطعه|قطع|حبه|حبات|علب|عبوات)(?!\p{L})`, 'u'),
  new RegExp(String.raw`\b(?:pack|case)\s+${COUNT}(?![\d.])`),
  new RegExp(String.raw`^${COUNT}\s*x\s+(?!\d)`),
  new RegExp(String.raw`(?<![\d.x])\s[x×]\s?${COUNT}(?![\d.]|\s*(?:x|cm|mm|m|in|inch|ft|'|"))`),
  // after a maker's number, which ends in a digit without being a measure
  new RegExp(String.raw`(?<=\p{L}[\p{L}\d-]*\d)\s[x×](\d{1,3})(?![\d.\p{L}])`, 'u'),
];
const PACK_WORDS: readonly (readonly [RegExp, number])[] = [[/\b(?:twin|double|dual)[\s-]?pack\b|\bpack duo\b|\bpair of\b/, 2], [/\btriple[\s-]?pack\b/, 3], [/\bhalf dozen\b/, 6], [/\bdozen\b|\bdouzaine\b/, 12]];

/** Pieces that a plain title names; null where it names none. `12ct`, `lot de 3` and `x3` count; `10 x 20 cm` does not. */
export function packSizeOf(plain: string): number | null {
  for (const pattern of PACKS) {
    const count = Number(pattern.exec(plain)?.[1] ?? 0);
    if (count >= 1 && count <= 5_000) return count;
  }
  return PACK_WORDS.find(([words]) => words.test(plain))?.[1] ?? null;
}

/** Pieces that one buys by this title as it stands; 1 where it says nothing. */
export function titlePackSize(title: string): number {
  return packSizeOf(plainTitle(title)) ?? 1;
}

/** Units by kind, with what one of them is in the kind's base. */
const UNITS: Readonly<Record<string, readonly [string, number]>> = {
  kb: ['data-gb', 1e-6], mb: ['data-gb', 1e-3], gb: ['data-gb', 1], tb: ['data-gb', 1_000], go: ['data-gb', 1], to: ['data-gb', 1_000],
  ml: ['volume-l', 0.001], cl: ['volume-l', 0.01], l: ['volume-l', 1], liter: ['volume-l', 1], litre: ['volume-l', 1], liters: ['volume-l', 1], litres: ['volume-l', 1], gallon: ['volume-l', 3.785],
  g: ['mass-g', 1], gr: ['mass-g', 1], kg: ['mass-g', 1_000], oz: ['mass-oz', 1], ounce: ['mass-oz', 1], ounces: ['mass-oz', 1], lb: ['mass-oz', 16], lbs: ['mass-oz', 16],
  mm: ['length-mm', 1], cm: ['length-mm', 10], m: ['length-mm', 1_000], meter: ['length-mm', 1_000], ft: ['length-ft', 1], feet: ['length-ft', 1], foot: ['length-ft', 1], in: ['length-in', 1], inch: ['length-in', 1], inches: ['length-in', 1], class: ['length-in', 1], '"': ['length-in', 1], "'": ['length-in', 1],
  w: ['power-w', 1], watt: ['power-w', 1], watts: ['power-w', 1], kw: ['power-w', 1_000], v: ['voltage-v', 1], volt: ['voltage-v', 1], mah: ['charge-mah', 1], ghz: ['frequency-mhz', 1_000], mhz: ['frequency-mhz', 1], hz: ['rate-hz', 1],
  mp: ['sensor-mp', 1], megapixel: ['sensor-mp', 1], megapixels: ['sensor-mp', 1], btu: ['cooling-btu', 1], user: ['users', 1], users: ['users', 1],
};
/** Not the end of a maker's number: `EF-1332L` is no volume. */
const MEASURE = /(?<![\w.]|\p{L}-)(\d+(?:\.\d+)?)\s*-?\s*(kb|mb|gb|tb|go|to|ml|cl|liters?|litres?|l|gallon|kg|gr|g|ounces?|oz|lbs?|mm|cm|meter|m|ft|feet|foot|inch(?:es)?|in|class|"|'|watts?|kw|w|volt|v|mah|ghz|mhz|hz|megapixels?|mp|btu|users?)(?![\p{L}\d])/gu;

function measuresOf(plain: string): Measure[] {
  const found: Measure[] = [];
  for (const match of plain.matchAll(MEASURE)) {
    const unit = UNITS[match[2]!];
    if (unit) found.push({ kind: unit[0], value: Number(match[1]) * unit[1] });
  }
  return found;
}

/** Colour words, each to one name: French, Spanish, German and Arabic words and common short forms come together. */
const COLOURS: Readonly<Record<string, string>> = Object.fromEntries(([
  ['black', 'black blk noir noire negro schwarz اسود jet onyx'], ['white', 'white wht blanc blanche blanco weiss ابيض ivory'], ['silver', 'silver slv argent plata silber فضي'], ['grey', 'grey gray gris grau charcoal graphite رمادي'],
  ['red', 'red rouge rojo rot احمر crimson'], ['blue', 'blue bleu azul blau ازرق navy cobalt'], ['green', 'green vert verde grun اخضر'], ['yellow', 'yellow jaune amarillo gelb اصفر'], ['pink', 'pink rose rosa وردي'],
  ['purple', 'purple violet violette morado lila بنفسجي'], ['orange', 'orange برتقالي'], ['brown', 'brown marron braun بني espresso'], ['gold', 'gold dore dorado ذهبي'], ['cyan', 'cyan'], ['magenta', 'magenta'], ['beige', 'beige tan'], ['titanium', 'titanium'], ['copper', 'copper'],
] as const).flatMap(([name, words]) => words.split(' ').map((word) => [word, name])));

const EDITIONS = new Set('upgrade upg upgrd full oem academic student teacher education edu retail standard std professional pro premium premier deluxe basic home office business enterprise server client small family ultimate express lite plus platinum gold elite starter advanced extended suite complete expansion addon add-on bundle mac macintosh osx win windows linux pc ps2 ps3 ps4 ps5 xbox wii nintendo left right mini maxi micro xl xxl xs small medium large single dual women men kids boys girls refill replacement case cover charger cable adapter battery kit stand mount remote license licence download subscription upsell nonprofit spanish french german international version'.split(' '));
const CONDITIONS: readonly (readonly [string, RegExp])[] = [
  ['used', /\b(?:used|pre-?owned|second hand|occasion|gebraucht|usado)\b|مستعمل/], ['refurbished', /\b(?:refurb(?:ished)?|renewed|recertified|reconditionne|reacondicionado|generaluberholt)\b|مجدد/], ['open-box', /\bopen[\s-]box\b/], ['damaged', /\b(?:damaged|broken|for parts|defekt|pour pieces)\b/], ['new', /\b(?:brand new|new|neuf|neu|nuevo)\b|جديد/],
];

const isModel = (token: string) => (token.length >= 4 && /\d/.test(token) && /\p{L}/u.test(token) && !/^\d+(?:st|nd|rd|th|gb|tb|mb|mm|cm|ml|oz|in|ft|hz|ghz|mhz|pk|ct|pc|pcs|pack|inch|x|w|v|kg|lb|p)$/.test(token)) || /^\d{5,}$/.test(token);

/** What a title tells of a product, without any catalogue. @param brand where it is known from elsewhere. */
export function extractTitleFacts(title: string, brand?: string | null): TitleFacts {
  return factsOfPlain(plainTitle(title), brand ?? null);
}

/** @param plain as `plainTitle` leaves it. */
export function factsOfPlain(plain: string, brand: string | null): TitleFacts {
  const tokens = tokenise(plain);
  const years = new Set<number>();
  const numbers = new Set<string>();
  const colours = new Set<string>();
  const editions = new Set<string>();
  const models = new Set<string>();
  for (const token of tokens) {
    const colour = COLOURS[token];
    if (colour) colours.add(colour);
    if (EDITIONS.has(token)) editions.add(token);
    if (/^(?:19[89]\d|20[0-4]\d)$/.test(token)) years.add(Number(token));
    if (/^\d{1,4}(?:\.\d+)?$/.test(token)) numbers.add(token);
    else if (isModel(token)) models.add(token);
  }
  return {
    tokens, brand: brand ? plainTitle(brand) : null, models: [...models], packSize: packSizeOf(plain), measures: measuresOf(plain), colours: [...colours], editions: [...editions],
    conditions: CONDITIONS.filter(([, words]) => words.test(plain)).map(([name]) => name), years: [...years], numbers: [...numbers],
  };
}

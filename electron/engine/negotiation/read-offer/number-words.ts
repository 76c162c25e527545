/** Numbers written as words in English, French, Arabic and Darija in Latin letters; folded spelling. */

const list = (text: string) => text.split(' ');

function spread(values: Readonly<Record<number, string>>): Map<string, number> {
  const map = new Map<string, number>();
  for (const [value, words] of Object.entries(values)) for (const word of list(words)) map.set(word, Number(value));
  return map;
}

export const NUMBER_WORDS: ReadonlyMap<string, number> = spread({
  1: 'one un une wahed wa7ed واحد',
  2: 'two deux zouj zoudj jouj juj اثنين اثنان زوج جوج اثنا اثني',
  3: 'three trois tlata tleta tlat ثلاثه ثلاث تلاته تلات',
  4: 'four quatre rab3a reb3a rab3 reb3 اربعه اربع ربعه ربع',
  5: 'five cinq khamsa khemsa khams khems خمسه خمس',
  6: 'six setta sett سته ست',
  7: 'seven sept seb3a sab3a seb3 sab3 سبعه سبع',
  8: 'eight huit tmenya tmania temn ثمانيه ثماني تمنيه تمن',
  9: 'nine neuf tes3a tes3 تسعه تسع',
  10: 'ten dix 3achra 3achr عشره عشر',
  11: 'eleven onze 7dach حداش',
  12: 'twelve douze tnach 6nach طناش اثناعشر',
  13: 'thirteen treize', 14: 'fourteen quatorze', 15: 'fifteen quinze', 16: 'sixteen seize', 17: 'seventeen', 18: 'eighteen', 19: 'nineteen',
  20: 'twenty vingt vingts 3achrin 3echrin عشرين عشرون',
  30: 'thirty trente tlatin ثلاثين ثلاثون تلاتين',
  40: 'forty fourty quarante reb3in rab3in اربعين اربعون ربعين',
  50: 'fifty cinquante khamsin khemsin خمسين خمسون',
  60: 'sixty soixante settin ستين ستون',
  70: 'seventy septante seb3in sab3in سبعين سبعون',
  80: 'eighty tmanin ثمانين ثمانون تمانين',
  90: 'ninety nonante tes3in تسعين تسعون',
  100: 'hundred cent cents mya miya 100aine ميه مايه',
  200: 'mitin ميتين مايتين',
  300: 'ثلاثمايه تلتميه', 400: 'اربعمايه ربعميه', 500: 'خمسمايه خمسميه', 600: 'ستمايه ستميه', 700: 'سبعمايه', 800: 'ثمانمايه', 900: 'تسعمايه',
});

/** Words that mean something else as often (`neuf` is new): numbers only beside another number or a scale. */
export const SHY_WORDS: ReadonlySet<string> = new Set(list('one un une neuf واحد deux two ست ربع six dix ten wahed wa7ed three trois عشر اثنا اثني'));

export type Scale = 'mille' | 'million' | 'milliard';

export const SCALE_WORDS: ReadonlyMap<string, Scale> = new Map([
  ...list('mille thousand thousands k alf elf alef alaf الف الاف الفا').map((w) => [w, 'mille'] as const),
  ...list('million millions mio melyoun melion milyoun mlayen mleyen mlayin malayen mlion مليون ملايين ملاين مليوون').map((w) => [w, 'million'] as const),
  ...list('milliard milliards milyar melyar mlayer billion billions مليار ملايير').map((w) => [w, 'milliard'] as const),
]);

/** Arabic duals, and Arabic scales that stand for one of themselves. */
export const WHOLE_SCALES: ReadonlyMap<string, { readonly count: number; readonly scale: Scale }> = new Map([
  ['مليونين', { count: 2, scale: 'million' }], ['الفين', { count: 2, scale: 'mille' }], ['alfin', { count: 2, scale: 'mille' }], ['مليارين', { count: 2, scale: 'milliard' }],
  ['مليون', { count: 1, scale: 'million' }], ['مليار', { count: 1, scale: 'milliard' }], ['الف', { count: 1, scale: 'mille' }],
]);

export const HALF_WORDS: ReadonlySet<string> = new Set(list('demi demie half nos noss ness نص نصف'));
export const AND_WORDS: ReadonlySet<string> = new Set(list('and et w wa و'));

/** Sides and weights as people write them, with their unit: `30 × 20 × 10 cm`, `1.2 lb`. What has no unit says nothing. */

/** In millimetres. */
const LENGTHS: Readonly<Record<string, readonly [unit: LengthUnit, mm: number]>> = {
  mm: ['millimeters', 1], millimeter: ['millimeters', 1], millimeters: ['millimeters', 1], cm: ['centimeters', 10], centimeter: ['centimeters', 10], centimeters: ['centimeters', 10], m: ['meters', 1_000],
  in: ['inches', 25.4], inch: ['inches', 25.4], inches: ['inches', 25.4], '"': ['inches', 25.4], ft: ['feet', 304.8],
};
/** In grams. */
const WEIGHTS: Readonly<Record<string, readonly [unit: WeightUnit, g: number]>> = {
  g: ['grams', 1], gram: ['grams', 1], grams: ['grams', 1], kg: ['kilograms', 1_000], kilogram: ['kilograms', 1_000], kilograms: ['kilograms', 1_000],
  oz: ['ounces', 28.349523125], ounce: ['ounces', 28.349523125], ounces: ['ounces', 28.349523125], lb: ['pounds', 453.59237], lbs: ['pounds', 453.59237], pound: ['pounds', 453.59237], pounds: ['pounds', 453.59237],
};
export type LengthUnit = 'millimeters' | 'centimeters' | 'meters' | 'inches' | 'feet';
export type WeightUnit = 'grams' | 'kilograms' | 'ounces' | 'pounds';

export interface WrittenSize {
  /** Length, width, height, each above zero. */
  readonly sides: readonly [number, number, number];
  readonly unit: LengthUnit;
  readonly sidesMm: readonly [number, number, number];
}
export interface WrittenWeight {
  readonly value: number;
  readonly unit: WeightUnit;
  readonly grams: number;
}

const NUMBER = String.raw`(\d{1,6}(?:[.,]\d{1,4})?)`;
const SIZE = new RegExp(String.raw`^\s*${NUMBER}\s*[x×*]\s*${NUMBER}\s*[x×*]\s*${NUMBER}\s*([a-z"]+)\.?\s*$`, 'iu');
const WEIGHT = new RegExp(String.raw`^\s*${NUMBER}\s*([a-z]+)\.?\s*$`, 'iu');
/** `1,200` is a thousand and more to one, and little more than one to another: it says nothing. */
const numberOf = (text: string) => (/^[1-9]\d{0,2},\d{3}$/.test(text) ? Number.NaN : Number(text.replace(',', '.')));

/** Three sides in one unit; null for anything else. */
export function readSize(text: string): WrittenSize | null {
  const [, a, b, c, unit] = SIZE.exec(text) ?? [];
  const known = unit === undefined ? undefined : LENGTHS[unit.toLowerCase()];
  if (!known) return null;
  const sides = [numberOf(a!), numberOf(b!), numberOf(c!)] as const;
  return sides.some((side) => !(side > 0)) ? null : { sides, unit: known[0], sidesMm: [sides[0] * known[1], sides[1] * known[1], sides[2] * known[1]] };
}

/** Null for anything else. */
export function readWeight(text: string): WrittenWeight | null {
  const [, number, unit] = WEIGHT.exec(text) ?? [];
  const known = unit === undefined ? undefined : WEIGHTS[unit.toLowerCase()];
  const value = number === undefined ? 0 : numberOf(number);
  return known && value > 0 ? { value, unit: known[0], grams: value * known[1] } : null;
}

const UNIT_SIZES: ReadonlyMap<string, number> = new Map([...Object.values(LENGTHS), ...Object.values(WEIGHTS)]);
/** A length in mm or a weight in g in another unit, to three decimals. */
export const inUnit = (amount: number, unit: LengthUnit | WeightUnit): number => Math.round((amount / UNIT_SIZES.get(unit)!) * 1_000) / 1_000;
export const isUnit = (word: string): word is LengthUnit | WeightUnit => UNIT_SIZES.has(word);

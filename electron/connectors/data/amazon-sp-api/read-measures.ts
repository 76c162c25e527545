import type { Measures } from '#engine/catalog/ports.ts';
import type { SpDimension, SpDimensions } from './schema.ts';

/** Millimetres in a unit of length, and grams in a unit of weight, by Amazon's unit names. */
const MILLIMETRES: Readonly<Record<string, number>> = { inches: 25.4, centimeters: 10, millimeters: 1, meters: 1_000, feet: 304.8 };
const GRAMS: Readonly<Record<string, number>> = { pounds: 453.592_37, ounces: 28.349_523_125, grams: 1, kilograms: 1_000, hundredths_pounds: 4.535_923_7 };

/** Whole units; undefined when not given, or given in a unit that is not known. */
function convert(dimension: SpDimension, units: Readonly<Record<string, number>>): number | undefined {
  const factor = units[dimension?.unit?.toLowerCase() ?? ''];
  return factor === undefined || dimension?.value === undefined || !(dimension.value > 0) ? undefined : Math.max(1, Math.round(dimension.value * factor));
}

export function readMeasures(dimensions: SpDimensions): Measures | undefined {
  if (!dimensions) return undefined;
  return {
    lengthMm: convert(dimensions.length, MILLIMETRES), widthMm: convert(dimensions.width, MILLIMETRES),
    heightMm: convert(dimensions.height, MILLIMETRES), weightGrams: convert(dimensions.weight, GRAMS),
  };
}

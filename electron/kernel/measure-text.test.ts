import { expect, it } from 'vitest';
import { inUnit, readSize, readWeight } from './measure-text.ts';

it('reads three sides and a weight with their unit, and nothing without', () => {
  expect(readSize('30 x 20,5 × 10 cm')).toEqual({ sides: [30, 20.5, 10], unit: 'centimeters', sidesMm: [300, 205, 100] });
  expect(readSize('4x3x2"')!.sidesMm[0]).toBeCloseTo(101.6);
  expect(readWeight('1.5 lb')).toMatchObject({ value: 1.5, unit: 'pounds' });
  expect(inUnit(readWeight('1 lb')!.grams, 'ounces')).toBe(16);
  for (const text of ['30 x 20 x 10', '30 x 20 cm', '0 x 1 x 1 cm', 'large', '30 x 20 x 10 kg', '1,200 x 30 x 20 mm']) expect(readSize(text)).toBeNull();
  for (const text of ['500', '0 g', 'heavy', '5 cm', '1,200 g']) expect(readWeight(text)).toBeNull();
});

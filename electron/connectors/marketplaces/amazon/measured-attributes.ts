/** Attributes of a product type that are a size or a weight with a unit: of the thing itself, which is never taken from its package's. */
import { inUnit, isUnit, readSize, readWeight, type LengthUnit, type WeightUnit } from '#kernel/measure-text.ts';
import type { SpAttribute } from './schema.ts';

type Properties = NonNullable<NonNullable<SpAttribute['items']>['properties']>;
const SIDES = ['length', 'width', 'height'] as const;

const propertiesOf = (attribute: SpAttribute): Properties => attribute.items?.properties ?? {};

/** Units that the attribute takes, in the order that it has them; empty: it names none. */
function unitsIn(unit: Properties[string] | undefined): string[] {
  return [...(unit?.enum ?? []), ...(unit?.anyOf ?? []).flatMap((choice) => choice.enum ?? [])].filter((word) => typeof word === 'string');
}

const sideUnits = (properties: Properties, side: string) => unitsIn(properties[side]?.properties?.['unit']);

/** What an attribute asks for, where it is a size of three sides or a weight. */
export function measuredOf(attribute: SpAttribute): 'size' | 'weight' | null {
  const properties = propertiesOf(attribute);
  if (SIDES.every((side) => properties[side]?.properties?.['unit'])) return 'size';
  const units = unitsIn(properties['unit']);
  return 'value' in properties && units.some((unit) => unit === 'grams' || unit === 'pounds') ? 'weight' : null;
}

/** In the unit that was written where the attribute takes it, else in the first that it takes. */
function written<Unit extends LengthUnit | WeightUnit>(amount: number, own: Unit, allowed: readonly string[]): { readonly unit: string; readonly value: number } {
  const unit = allowed.length === 0 || allowed.includes(own) ? own : (allowed.find(isUnit) ?? own);
  return { unit, value: inUnit(amount, unit) };
}

/** Null for words that are no such measure. */
export function measuredValue(attribute: SpAttribute, text: string): Record<string, unknown> | null {
  const properties = propertiesOf(attribute);
  if (measuredOf(attribute) === 'weight') {
    const weight = readWeight(text);
    return weight && written(weight.grams, weight.unit, unitsIn(properties['unit']));
  }
  const size = readSize(text);
  return size && Object.fromEntries(SIDES.map((side, i) => [side, written(size.sidesMm[i]!, size.unit, sideUnits(properties, side))]));
}

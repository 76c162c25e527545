import type { Formatter } from '../../ui/format.ts';

/** A card's version ends in the day, or the month, that it was written down: `ebay-us-2026-08@2026-08-21`. */
export const cardDay = (version: string, format: Formatter) => format.day(version.split('@')[1] ?? version);

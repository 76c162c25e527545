// The program's first pass over a price list: node pass-desk.ts DATABASE LIST RESULTS
import path from 'node:path';
import { passPriceList } from '#engine/flows/pass-price-list.ts';
import { readFeeCards } from '#engine/pricing/index.ts';
import { fileSource, inspectPriceList } from '#engine/suppliers/index.ts';
import { systemClock } from '#kernel/time.ts';
import { peakMemoryMb } from '../peak-memory.ts';
import type { ListFigures } from './list-figures.ts';

const [database = '', list = '', results = ''] = process.argv.slice(2);
const feeCards = readFeeCards(path.resolve(import.meta.dirname, '../../resources/fee-cards'));
const before = peakMemoryMb();
const started = performance.now();
const source = await fileSource(list);
const { layout } = await inspectPriceList(source);
const counts = await passPriceList({ source, layout, database, results, feeCards, at: systemClock.now() });
const figures: ListFigures = { rows: counts.rows + counts.rejected, found: counts.known, seconds: (performance.now() - started) / 1_000, grewMb: peakMemoryMb() - before };
console.log(JSON.stringify(figures));

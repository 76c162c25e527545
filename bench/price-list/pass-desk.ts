// The program's first pass over a price list: node pass-desk.mjs DATABASE LIST RESULTS WORKER, from the project's root
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { passPriceList } from '#engine/flows/pass-price-list.ts';
import { readFeeCards } from '#engine/pricing/index.ts';
import { fileSource, inspectPriceList } from '#engine/suppliers/index.ts';
import { systemClock } from '#kernel/time.ts';
import { peakMemoryMb } from '../peak-memory.ts';
import type { ListFigures } from './list-figures.ts';

const [database = '', list = '', results = '', worker = ''] = process.argv.slice(2);
const feeCards = readFeeCards(path.resolve('resources/fee-cards'));
const before = peakMemoryMb();
const cpuBefore = process.cpuUsage();
const started = performance.now();
const { layout } = await inspectPriceList(await fileSource(list));
const counts = await passPriceList({ list, layout, database, results, feeCards, at: systemClock.now() }, { worker: pathToFileURL(worker) });
const cpu = process.cpuUsage(cpuBefore);
const figures: ListFigures = { rows: counts.rows + counts.rejected, found: counts.known, priced: counts.priced.market, seconds: (performance.now() - started) / 1_000, cpuSeconds: (cpu.user + cpu.system) / 1_000_000, grewMb: peakMemoryMb() - before };
console.log(JSON.stringify(figures));

import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import type { Clock } from '#kernel/time.ts';
import { PRACTICE_CREDENTIALS } from '#practice/credentials.ts';
import { shopCards, startMarket } from '#practice/market.ts';
import type { PracticeMarket } from '#practice/market.ts';
import type { PracticeWiring } from '../options.ts';

export interface MarketPlan {
  readonly seed: number;
  /** Virtual ms per real ms; 0 where the clock is moved by hand. */
  readonly speed: number;
  readonly clock: Clock;
  /** Keeps the market's journal and its vendors' ports, so that it goes on after a restart at the same addresses. Null: it lives in memory alone. */
  readonly folder: string | null;
}

const PORTS_FILE = 'practice-ports.json';
const portsSchema = z.record(z.string(), z.int().min(1).max(65_535));

/** Starts the practice market and says how the engine reaches it. The market is the caller's to close. */
export async function startWiredMarket({ seed, speed, clock, folder }: MarketPlan): Promise<{ market: PracticeMarket; wiring: PracticeWiring }> {
  const start = (ports: Readonly<Record<string, number>>) => startMarket({ seed, clock, ports, ...(folder === null ? {} : { journalFile: path.join(folder, 'practice-journal.jsonl') }) });
  const ports = folder === null ? {} : readPorts(path.join(folder, PORTS_FILE));
  let market: PracticeMarket;
  try {
    market = await start(ports);
  } catch (error) {
    // Another program has taken one of the ports meanwhile.
    if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) throw error;
    market = await start({});
  }
  const baseUrls = Object.fromEntries(Object.entries(market.vendors).map(([name, vendor]) => [name, vendor.baseUrl]));
  if (folder !== null) writeFileSync(path.join(folder, PORTS_FILE), `${JSON.stringify(Object.fromEntries(Object.entries(baseUrls).map(([name, url]) => [name, Number(new URL(url).port)])))}\n`);
  return { market, wiring: { seed, speed, baseUrls, keys: PRACTICE_CREDENTIALS, sources: shopCards(market) } };
}

/** The ports of the last start; none where the file cannot be read, since any free ones do. */
function readPorts(file: string): Record<string, number> {
  try {
    const parsed = portsSchema.safeParse(JSON.parse(readFileSync(file, 'utf8')));
    return parsed.success ? parsed.data : {};
  } catch {
    return {};
  }
}

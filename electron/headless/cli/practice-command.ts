import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { MORE_CHANNELS } from '#app/hosting/practise-channels.ts';
import { SharedManualClock } from '#app/hosting/shared-clock.ts';
import { startRunMarket } from '#app/hosting/start-run-market.ts';
import { memorySecrets } from '#app/hosting/memory-secrets.ts';
import type { PracticePolicy } from '#app/choose-purchases.ts';
import type { PracticeRunResult } from '#app/practice-run.ts';
import { silentLogger } from '#kernel/log.ts';
import { formatMoney, money } from '#kernel/money.ts';
import { seededRandom } from '#kernel/random.ts';
import { UsageError } from '../parse-options.ts';
import type { Answer } from './answer.ts';

export interface PracticeCommand {
  readonly days: number;
  readonly seed: number;
  /** Share of requests that go wrong in one way or another, percent. */
  readonly faultsPercent: number;
  /** Accounts that are sold on beside eBay from the first day, with commas between them, or `none`; null: on eBay alone in the first month, as one begins, and on every channel from then on. */
  readonly channels: string | null;
  /** No price is moved by the rules: what they are worth is seen beside it. */
  readonly keepPrices?: boolean;
  /** In which the books are kept; US dollars unless told. */
  readonly home?: string;
  readonly rootDir: string;
  readonly version: string;
  readonly quiet: boolean;
  /** What the person buys by; `ranking` unless told. */
  readonly policy?: PracticePolicy;
}

const ALL_CHANNELS: readonly string[] = ['amazon', ...MORE_CHANNELS];
const FIRST_MONTH_DAYS = 30;

/** The first day of every practice run: a run depends on its seed alone, not on the day it is started. */
const FIRST_DAY = Date.UTC(2026, 8, 1);

function describe(result: PracticeRunResult): string {
  const amount = (minor: number | null) => (minor === null ? 'not known' : formatMoney(money(minor, result.currency), 'en'));
  return [
    `${result.days} days in the practice market of seed ${result.seed}`,
    `  revenue ${amount(result.revenueMinor)}  cost ${amount(result.costMinor)}  fees ${amount(result.feesMinor)}  postage ${amount(result.postageMinor)}  refunds ${amount(result.refundsMinor)}`,
    `  profit ${amount(result.profitMinor)}  (estimated ${amount(result.estimatedProfitMinor)}; mean error a unit ${amount(result.meanErrorMinor)}, mean absolute ${amount(result.meanAbsoluteErrorMinor)})`,
    `  a naive buyer in the same world: ${amount(result.naiveProfitMinor)}`,
    `  bought ${result.unitsBought} units in ${result.purchases} purchases, sold ${result.unitsSold} in ${result.orders} orders, ${result.unitsOnHand} on hand`,
    `  cash ${amount(result.cashMinor)}  stock at cost ${amount(result.stockMinor)}  owed by channels ${amount(result.receivableMinor)}`,
    `  ${result.offersSeen} offers seen, ${result.opportunities} worth a look`,
    `  at the vendors: ${result.vendorOrders} shop orders (${result.duplicateOrders} twice), ${result.vendorListings} listings (${result.duplicateListings} twice), ${result.vendorSales} sales (${result.unbookedSales} not booked)`,
    `  channels: ${result.channels.map(({ channel, listings, orders }) => `${channel} ${listings} listed, ${orders} sold`).join('; ') || 'none'}; ${result.repriced} prices moved by the rules`,
    `  ledger ${result.ledgerBalanced ? 'balanced' : 'NOT BALANCED'}, units ${result.unitsConserved ? 'all accounted for' : 'NOT ACCOUNTED FOR'}`,
    ...result.findings.map((finding) => `  ! ${finding}`),
  ].join('\n');
}

function channelsOf(text: string): readonly string[] {
  const named = text === 'none' ? [] : text.split(',');
  const strange = named.filter((name) => !ALL_CHANNELS.includes(name));
  if (strange.length > 0) throw new UsageError(`--channels takes none, or some of ${ALL_CHANNELS.join(',')}; not ${strange.join(',')}`);
  return named;
}

/** `practice run`: the whole loop in virtual time, in a throw-away folder. */
export async function runPracticeCommand(command: PracticeCommand): Promise<Answer> {
  if (command.days < 1 || command.days > 365) throw new UsageError('--days takes 1 to 365');
  if (command.home !== undefined && !/^[A-Z]{3}$/.test(command.home)) throw new UsageError('--home takes a currency such as EUR');
  const channels = command.channels === null ? ALL_CHANNELS : channelsOf(command.channels);
  const dir = mkdtempSync(path.join(os.tmpdir(), 'resale-practice-'));
  const clock = new SharedManualClock(FIRST_DAY);
  // the market is made in its own thread while this one reads the program
  const starting = startRunMarket({ seed: command.seed, faultRate: command.faultsPercent / 100, clock, channels });
  const loading = import('#app/practice-run.ts');
  loading.catch(() => {}); // thrown below, where the market is closed again
  const market = await starting;
  try {
    const { runPractice } = await loading;
    const result = await runPractice(
      { version: command.version, dataDir: dir, rootDir: command.rootDir, clock, random: seededRandom(`engine:${command.seed}`), log: silentLogger, secrets: memorySecrets(), practice: market.wiring, disposable: true },
      { days: command.days, clock, market, everywhereFrom: command.channels === null ? FIRST_MONTH_DAYS : 0, keepPrices: command.keepPrices === true, ...(command.home === undefined ? {} : { home: command.home }), ...(command.policy ? { policy: command.policy } : {}), ...(command.quiet ? {} : { onDay: (day: number) => process.stderr.write(`\rday ${day} of ${command.days}`) }) },
    );
    if (!command.quiet) process.stderr.write('\r\u001b[K');
    const sound = result.ledgerBalanced && result.unitsConserved && result.duplicateOrders === 0 && result.duplicateListings === 0 && result.unbookedSales === 0;
    return { json: result, text: describe(result), exitCode: sound ? 0 : 1 };
  } finally {
    await market.close();
    rmSync(dir, { recursive: true, force: true });
  }
}

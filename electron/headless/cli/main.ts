import { readFileSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { defaultDataDir } from '#app/hosting/data-dir.ts';
import { messageOf } from '#kernel/errors.ts';
import { UsageError } from '../parse-options.ts';
import { openDesk } from './desk-client.ts';
import { APPROVAL_COMMANDS } from './approval-commands.ts';
import { CUSTOMER_COMMANDS } from './customer-commands.ts';
import { DESK_COMMANDS } from './desk-commands.ts';
import { RECEIPT_COMMANDS } from './receipt-command.ts';
import type { Answer } from './answer.ts';
import { describeError, reasonsOf } from './print.ts';

const USAGE = `usage: resale <command> [options]

  scan SOURCE            scan a source (name or id)
  scan FILE [--rest]     read a supplier's price list, spending nothing, and say what the vendors would cost; --rest asks them
  sources                the sources and their health
  opportunities          what is worth buying, best first
  approve ID             approve an opportunity: the purchase starts at once, or you are told what to order by hand
  ordered ID NUMBER PAID record what you ordered by hand: the shop's order number, the total that was paid
  receipt ID FILE        read the receipt of a purchase: a photo, a PDF, a saved page or mail; nothing is recorded by it
  purchases              what was bought, and how it is getting on
  stock                  what is on the way and on hand
  ledger                 balances and profit
  inbox                  what waits for a decision
  approval show ID       recomputes an approval from what was frozen with it
  audit verify [FILE]    checks the audit log and the ledger by it, and names the first row that is not what it was; FILE: against a row that was kept
  audit export [FILE]    writes the newest row's hash, time and count into a file, to be kept elsewhere
  kill on|status|release stops everything that goes out, or allows it again
  customer find WORDS    who is known by a name, an address or a number
  customer export WHO    everything that is held of a person, in a JSON file (export WHO FILE names it)
  customer erase WHO     takes the person out of everything; orders and payments stay for the books
  practice run           the whole loop in virtual time, on the simulated market
  doctor                 checks this installation

  --json                 print JSON; what went wrong as {"error": {…}} on the error stream
  --data DIR             the data folder
  --practice SEED        the practice market of this seed
  --limit N              rows (default 50)
  --search WORDS         only what has these words
  --sort KEY             opportunities by score, profit, roi, days or newest
  --days N --seed S      practice run: how long, in which market
  --faults PERCENT       practice run: share of requests that go wrong
  --home CURRENCY        practice run: what the books are kept in, such as EUR or DZD (default USD)
  --keep-prices          practice run: no price is moved by the rules; else they are from the day that everything is offered everywhere
  --channels LIST        practice run: what is sold on beside eBay from the first day, of amazon, woocommerce, shopify and etsy, or none;
                         without it a run sells on eBay alone in its first month, and on every channel from then on`;

/** What each command takes after its name, at most: a name with spaces and no quotes would else be cut short in silence. */
const MOST_WORDS: Readonly<Record<string, number>> = { scan: 1, approve: 1, ordered: 3, receipt: 2, approval: 2, audit: 2, kill: 2, customer: 3, practice: 1 };

const root = path.resolve(import.meta.dirname, '../../..');
// the same as `npm run` gives it (scripts/setup.mjs): what was compiled once is kept, for the threads that are started too
process.env['NODE_COMPILE_CACHE'] ??= path.join(root, 'node_modules/.cache/compile');
enableCompileCache(process.env['NODE_COMPILE_CACHE']);

function whole(name: string, text: string | undefined, fallback: number, least = 0): number {
  if (text === undefined) return fallback;
  if (Number(text) < least) throw new UsageError(`--${name} takes a whole number from ${least}, not ${JSON.stringify(text)}`);
  if (!/^\d{1,9}$/.test(text)) throw new UsageError(`--${name} takes a whole number, not ${JSON.stringify(text)}`);
  return Number(text);
}

function parse() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' }, data: { type: 'string' }, practice: { type: 'string' }, limit: { type: 'string' }, search: { type: 'string' }, sort: { type: 'string' },
        rest: { type: 'boolean' }, days: { type: 'string' }, seed: { type: 'string' }, faults: { type: 'string' }, channels: { type: 'string' }, 'keep-prices': { type: 'boolean' }, home: { type: 'string' },
      },
    });
  } catch (error) {
    throw new UsageError(messageOf(error));
  }
}

async function run(): Promise<{ answer: Answer; json: boolean }> {
  const { values, positionals } = parse();
  const [command, ...args] = positionals;
  const json = values.json === true;
  if (values.help || command === undefined) return { answer: { json: { usage: USAGE }, text: USAGE, exitCode: values.help ? 0 : 64 }, json };
  const commands: typeof DESK_COMMANDS = { ...DESK_COMMANDS, ...APPROVAL_COMMANDS, ...CUSTOMER_COMMANDS, ...RECEIPT_COMMANDS };
  if (!['doctor', 'practice'].includes(command) && !Object.hasOwn(commands, command)) throw new UsageError(`there is no command ${JSON.stringify(command)}`);
  const surplus = args[MOST_WORDS[command] ?? 0];
  if (surplus !== undefined) throw new UsageError(`${command} takes no ${JSON.stringify(surplus)}: put quotes around a name with spaces`);
  if (values.data?.trim() === '') throw new UsageError('--data takes the path of a folder');
  const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as { version: string };
  const dataDir = path.resolve(values.data ?? defaultDataDir({ platform: process.platform, home: os.homedir(), env: process.env }));
  // What a command does not need is not loaded: most of them ask a desk that is open already.
  if (command === 'doctor') {
    const { runDoctor } = await import('./doctor.ts');
    return { answer: await runDoctor({ rootDir: root, dataDir, version }), json };
  }
  if (command === 'practice') {
    if (args[0] !== 'run') throw new UsageError('the practice command is: practice run');
    const faultsPercent = Number(values.faults ?? 0);
    if (!(faultsPercent >= 0 && faultsPercent <= 50)) throw new UsageError('--faults takes a percentage from 0 to 50');
    const { runPracticeCommand } = await import('./practice-command.ts');
    const answer = await runPracticeCommand({ days: whole('days', values.days, 30), seed: whole('seed', values.seed, 1), faultsPercent, channels: values.channels ?? null, keepPrices: values['keep-prices'] === true, ...(values.home === undefined ? {} : { home: values.home.toUpperCase() }), rootDir: root, version, quiet: json });
    return { answer, json };
  }
  const carryOut = commands[command]!;
  const limit = Math.min(200, whole('limit', values.limit, 50, 1));
  const desk = await openDesk({ dataDir, rootDir: root, version, seed: values.practice === undefined ? null : whole('practice', values.practice, 1) });
  try {
    return { answer: await carryOut(desk.client, { args, limit, search: values.search, sort: values.sort, rest: values.rest === true }), json };
  } finally {
    await desk.close();
  }
}

// Whoever reads our output may have enough: `resale purchases | head -3`.
process.stdout.on('error', (error: Error & { code?: string }) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

try {
  const { answer, json } = await run();
  process.stdout.write(`${json ? JSON.stringify(answer.json, null, 2) : answer.text}\n`);
  process.exitCode = answer.exitCode ?? 0;
} catch (error) {
  const usage = error instanceof UsageError;
  const asJson = process.argv.slice(2).includes('--json');
  process.stderr.write(asJson ? `${JSON.stringify({ error: describeError(error, usage) }, null, 2)}\n` : `resale: ${[messageOf(error), ...reasonsOf(error)].join('\n  ')}\n${usage ? `\n${USAGE}\n` : ''}`);
  process.exitCode = usage ? 64 : 1;
}

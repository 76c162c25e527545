import { readFileSync } from 'node:fs';
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
import type { Answer } from './answer.ts';
import { reasonsOf } from './print.ts';

const USAGE = `usage: resale <command> [options]

  scan SOURCE            scan a source (name or id)
  scan FILE [--rest]     read a supplier's price list, spending nothing, and say what the vendors would cost; --rest asks them
  sources                the sources and their health
  opportunities          what is worth buying, best first
  approve ID             approve an opportunity: the purchase starts at once, or you are told what to order by hand
  ordered ID NUMBER PAID record what you ordered by hand: the shop's order number, the total that was paid
  purchases              what was bought, and how it is getting on
  stock                  what is on the way and on hand
  ledger                 balances and profit
  inbox                  what waits for a decision
  approval show ID       recomputes an approval from what was frozen with it
  audit verify [FILE]    checks the audit log, and names the first row that is not what it was; FILE: against a row that was kept
  audit export [FILE]    writes the newest row's hash, time and count into a file, to be kept elsewhere
  kill on|status|release stops everything that goes out, or allows it again
  customer find WORDS    who is known by a name, an address or a number
  customer export WHO    everything that is held of a person, in a JSON file (export WHO FILE names it)
  customer erase WHO     takes the person out of everything; orders and payments stay for the books
  practice run           the whole loop in virtual time, on the simulated market
  doctor                 checks this installation

  --json                 print JSON
  --data DIR             the data folder
  --practice SEED        the practice market of this seed
  --limit N              rows (default 50)
  --search WORDS         only what has these words
  --sort KEY             opportunities by score, profit, roi, days or newest
  --days N --seed S      practice run: how long, in which market
  --faults PERCENT       practice run: share of requests that go wrong
  --keep-prices          practice run: no price is moved by the rules; else they are from the day that everything is offered everywhere
  --channels LIST        practice run: what is sold on beside eBay from the first day, of amazon, woocommerce, shopify and etsy, or none;
                         without it a run sells on eBay alone in its first month, and on every channel from then on`;

const root = path.resolve(import.meta.dirname, '../../..');

function whole(name: string, text: string | undefined, fallback: number): number {
  if (text === undefined) return fallback;
  if (!/^\d{1,9}$/.test(text)) throw new UsageError(`--${name} takes a whole number, not ${JSON.stringify(text)}`);
  return Number(text);
}

function parse() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' }, data: { type: 'string' }, practice: { type: 'string' }, limit: { type: 'string' }, search: { type: 'string' }, sort: { type: 'string' },
        rest: { type: 'boolean' }, days: { type: 'string' }, seed: { type: 'string' }, faults: { type: 'string' }, channels: { type: 'string' }, 'keep-prices': { type: 'boolean' },
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
    const answer = await runPracticeCommand({ days: whole('days', values.days, 30), seed: whole('seed', values.seed, 1), faultsPercent, channels: values.channels ?? null, keepPrices: values['keep-prices'] === true, rootDir: root, version, quiet: json });
    return { answer, json };
  }
  const carryOut = { ...DESK_COMMANDS, ...APPROVAL_COMMANDS, ...CUSTOMER_COMMANDS }[command];
  if (!carryOut) throw new UsageError(`there is no command ${JSON.stringify(command)}`);
  const desk = await openDesk({ dataDir, rootDir: root, version, seed: values.practice === undefined ? null : whole('practice', values.practice, 1) });
  try {
    return { answer: await carryOut(desk.client, { args, limit: Math.min(200, whole('limit', values.limit, 50)), search: values.search, sort: values.sort, rest: values.rest === true }), json };
  } finally {
    await desk.close();
  }
}

try {
  const { answer, json } = await run();
  process.stdout.write(`${json ? JSON.stringify(answer.json, null, 2) : answer.text}\n`);
  process.exitCode = answer.exitCode ?? 0;
} catch (error) {
  process.stderr.write(`resale: ${[messageOf(error), ...reasonsOf(error)].join('\n  ')}\n${error instanceof UsageError ? `\n${USAGE}\n` : ''}`);
  process.exitCode = error instanceof UsageError ? 64 : 1;
}

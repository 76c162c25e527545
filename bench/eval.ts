/**
 * `npm run eval -- <name> …`: measures how well a part of the program does on a labelled set.
 * Each subcommand is a file in `bench/eval/` that exports `run(args): Promise<number>` (an exit code) and prints one small table, or JSON with `--json`.
 */
import { z } from 'zod';

type Run = (args: string[]) => Promise<number>;
interface Evaluation {
  readonly usage: string;
  readonly load: () => Promise<{ readonly run: Run }>;
}

const EVALUATIONS: Readonly<Record<string, Evaluation>> = {
  prices: { usage: 'prices --cases FILE', load: () => import('./eval/prices.ts') },
  match: { usage: 'match --valid FILE --test FILE', load: () => load('./eval/match.ts') },
  pages: { usage: 'pages --expected FILE', load: () => import('./eval/pages.ts') },
  structured: { usage: 'structured --dir DIR', load: () => import('./eval/structured.ts') },
  forecast: { usage: 'forecast [--file CSV]', load: () => import('./eval/forecast.ts') },
  intents: { usage: 'intents --train FILE --test FILE', load: () => load('./eval/intents.ts') },
};

/** A path in a variable keeps the compiler from asking for a file that another change brings. */
function load(file: string): Promise<{ readonly run: Run }> {
  return import(file) as Promise<{ readonly run: Run }>;
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND' && /bench\/eval\/\w+\.ts/.test(error.message.split(' imported from ')[0] ?? '');
}

async function main(argv: readonly string[]): Promise<number> {
  const [name = '', ...args] = argv;
  const evaluation = Object.hasOwn(EVALUATIONS, name) ? EVALUATIONS[name] : undefined;
  if (!evaluation) {
    const problem = name === '' ? '' : `unknown evaluation: ${name}\n`;
    console.error(`${problem}usage: npm run eval -- <command> [--json]\n${Object.values(EVALUATIONS).map((e) => `  ${e.usage}`).join('\n')}`);
    return 2;
  }
  try {
    return await (await evaluation.load()).run(args);
  } catch (error) {
    if (!isMissing(error)) {
      // what is wrong with a file is said by its message; where in the program that was found helps nobody
      console.error(`${name}: ${error instanceof z.ZodError ? z.prettifyError(error) : error instanceof Error ? error.message : String(error)}`);
      return 1;
    }
    console.error(`${name} is not available yet`);
    return 2;
  }
}

process.exitCode = await main(process.argv.slice(2));

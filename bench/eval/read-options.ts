import { parseArgs } from 'node:util';

export interface EvalOptions {
  readonly values: Readonly<Record<string, string>>;
  readonly json: boolean;
  readonly verbose: boolean;
}

/** Reads `--name VALUE` options, all required, and the flags `--json` and `--verbose`. Null, with the usage printed, when they do not fit. */
export function readOptions(args: string[], names: readonly string[]): EvalOptions | null {
  const options: Record<string, { type: 'string' | 'boolean' }> = { json: { type: 'boolean' }, verbose: { type: 'boolean' } };
  for (const name of names) options[name] = { type: 'string' };
  try {
    const { values } = parseArgs({ args, options, strict: true });
    const found: Record<string, string> = {};
    for (const name of names) {
      const value = values[name];
      if (typeof value !== 'string') throw new Error(`--${name} is missing`);
      found[name] = value;
    }
    return { values: found, json: values['json'] === true, verbose: values['verbose'] === true };
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\nusage: ${names.map((n) => `--${n} …`).join(' ')} [--json] [--verbose]`);
    return null;
  }
}

/** `0.98765` as `98.8 %`. */
export function percent(part: number, whole: number): string {
  return whole === 0 ? '–' : `${((part / whole) * 100).toFixed(1)} %`;
}

/** Prints rows as a table with aligned columns, or as one JSON object. */
export function report(title: string, figures: Readonly<Record<string, string | number>>, json: boolean): void {
  if (json) {
    console.log(JSON.stringify({ evaluation: title, ...figures }));
    return;
  }
  const width = Math.max(...Object.keys(figures).map((k) => k.length));
  console.log(title);
  for (const [name, value] of Object.entries(figures)) console.log(`  ${name.padEnd(width)}  ${value}`);
}

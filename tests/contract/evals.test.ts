import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');
const datasets = path.join(root, '../shared/datasets');
const run = promisify(execFile);

/** The evaluation's figures, as a user gets them from `npm run eval`. */
async function evaluate(...args: string[]): Promise<Record<string, number>> {
  const { stdout } = await run(process.execPath, [path.join(root, 'bench/eval.ts'), ...args, '--json'], { cwd: root });
  return JSON.parse(stdout) as Record<string, number>;
}

function where(name: string): string | null {
  const file = path.join(datasets, name);
  if (existsSync(file)) return file;
  console.log(`skipped: the data set ${name} is not beside the project`);
  return null;
}

describe('evaluations on the public sets', () => {
  const prices = where('price-strings/sample.json');
  it.skipIf(prices === null)('reads amounts in 99 % and currencies in 97 % of price texts', async () => {
    const figures = await evaluate('prices', '--cases', prices ?? '');
    expect(figures['amount right']).toBeGreaterThanOrEqual(0.99);
    expect(figures['currency right']).toBeGreaterThanOrEqual(0.97);
    expect(figures['amount wrong']).toBe(0);
  });
  const pages = where('product-pages/expected.json');
  it.skipIf(pages === null)('finds every expected price on saved pages, and invents none', async () => {
    const figures = await evaluate('pages', '--expected', pages ?? '');
    expect([figures['right'], figures['invented'], figures['wrong']]).toEqual([figures['pages'], 0, 0]);
  });
  const structured = where('structured-data');
  it.skipIf(structured === null)('reads structured data as expected in 95 % of files', async () => {
    expect((await evaluate('structured', '--dir', structured ?? ''))['equal']).toBeGreaterThanOrEqual(0.95);
  });
});

describe('npm run eval', () => {
  it('explains itself and exits 2 for an unknown evaluation or a missing option', async () => {
    for (const args of [['nonsense'], [], ['prices']]) await expect(run(process.execPath, [path.join(root, 'bench/eval.ts'), ...args], { cwd: root })).rejects.toMatchObject({ code: 2 });
  });
});

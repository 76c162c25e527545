import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { seededRandom } from '#kernel/random.ts';
import { run } from './match.ts';

const random = seededRandom('labelled pairs');
const NOUNS = ['kettle', 'lamp', 'speaker', 'camera', 'drill', 'printer'];
const BRANDS = ['acme', 'bosch', 'canon', 'sony'];

/** Pairs as the public sets write them: one in four the same product under two titles. */
function pairs(count: number, from: number): string {
  return Array.from({ length: count }, (_, i) => {
    const n = from + i;
    const title = `${BRANDS[random.int(4)]} ${NOUNS[random.int(6)]} xk${1_000 + n}`;
    const same = n % 4 === 0;
    const other = same ? title.split(' ').toReversed().join(' ') : `${BRANDS[random.int(4)]} ${NOUNS[random.int(6)]} xk${5_000 + n}`;
    return `COL name VAL ${title} COL price VAL ${10 + random.int(90)}\tCOL name VAL ${other} COL price VAL \t${same ? 1 : 0}`;
  }).join('\n');
}

const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'resale-desk-eval-'));
afterEach(() => {
  vi.restoreAllMocks();
  fs.rmSync(dir, { recursive: true, force: true });
});

describe('eval match', () => {
  it('fits on the first file alone and prints the second\'s figures', async () => {
    fs.mkdirSync(dir, { recursive: true });
    const valid = path.join(dir, 'valid.txt');
    const test = path.join(dir, 'test.txt');
    fs.writeFileSync(valid, pairs(240, 0));
    fs.writeFileSync(test, pairs(120, 2_000));
    const log = vi.spyOn(console, 'log').mockImplementation(() => {});
    expect(await run(['--valid', valid, '--test', test, '--json'])).toBe(0);
    const printed = JSON.parse(String(log.mock.calls[0]?.[0])) as Record<string, number | string>;
    expect(printed).toMatchObject({ fittedOn: valid, testedOn: test, fittedPairs: 240, pairs: 120, positives: 30 });
    for (const figure of ['precision', 'recall', 'f1', 'recallAtPrecision95']) expect(printed[figure]).toBeGreaterThan(0.9);
    expect(printed['pairsPerSecond']).toBeGreaterThan(0);
    log.mockClear();
    await run(['--valid', valid, '--test', test]);
    expect(String(log.mock.calls[0]?.[0])).toMatch(/precision .* recall .* F1 .* recall at precision 0\.95[\s\S]*pairs\/s/);
  });

  it('says how it is used when the file is missing', async () => {
    const error = vi.spyOn(console, 'error').mockImplementation(() => {});
    expect(await run([])).toBe(2);
    expect(String(error.mock.calls[0]?.[0])).toContain('usage');
  });
});

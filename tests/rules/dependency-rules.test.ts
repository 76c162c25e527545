import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');
const require = createRequire(import.meta.url);
const { MODULE_MAP, SPANNING, LAYERS } = require('../../scripts/module-map.cjs') as { MODULE_MAP: Record<string, string[]>; SPANNING: string[]; LAYERS: Record<string, string[]> };
const { forbidden } = require('../../.dependency-cruiser.cjs') as { forbidden: { name: string }[] };

const trees: string[] = [];
afterEach(() => {
  for (const tree of trees.splice(0)) rmSync(tree, { recursive: true, force: true });
});

/** A tree of one-line files: name → what it imports. Imported files of ours that are not named are created empty. */
function plant(files: Record<string, string[]>): string {
  const tree = mkdtempSync(path.join(os.tmpdir(), 'rules-'));
  trees.push(tree);
  for (const file of ['package.json', 'tsconfig.json', 'tsconfig.base.json']) copyFileSync(path.join(root, file), path.join(tree, file));
  symlinkSync(path.join(root, 'node_modules'), path.join(tree, 'node_modules'));
  const write = (file: string, text: string) => {
    mkdirSync(path.join(tree, path.dirname(file)), { recursive: true });
    writeFileSync(path.join(tree, file), text);
  };
  for (const targets of Object.values(files)) for (const target of targets) if (/^(electron|scrapers|renderer|practice|tests|bench)\//.test(target) && target !== 'electron/nowhere.ts') write(target, 'export const planted = 1;\n');
  for (const [file, targets] of Object.entries(files)) {
    const specifier = (target: string) => (/^(electron|scrapers|renderer|practice|tests|bench)\//.test(target) ? path.relative(path.dirname(file), target).replace(/^(?!\.)/, './') : target);
    write(file, `${targets.map((target, at) => `import * as i${at} from '${specifier(target)}';`).join('\n')}\nexport const uses = [${targets.map((_, at) => `i${at}`).join(', ')}];\n`);
  }
  return tree;
}

function check(tree: string): { code: number | null; lines: string[] } {
  const run = spawnSync(process.execPath, [path.join(root, 'scripts/check-rules.mjs'), tree], { encoding: 'utf8' });
  return { code: run.status, lines: `${run.stdout}${run.stderr}`.trim().split('\n') };
}

const BREACHES: [rule: string, from: string, to: string][] = [
  ['layer-kernel', 'electron/kernel/a.ts', 'electron/contract/x.ts'],
  ['layer-contract', 'electron/contract/a.ts', 'electron/runtime/x.ts'],
  ['layer-runtime', 'electron/runtime/a.ts', 'electron/engine/catalog/index.ts'],
  ['layer-connectors', 'electron/connectors/ebay/a.ts', 'electron/engine/listings/index.ts'],
  ['layer-scrapers', 'scrapers/sites/a.ts', 'electron/runtime/x.ts'],
  ['layer-practice', 'practice/world/a.ts', 'electron/engine/catalog/ports.ts'],
  ['layer-renderer', 'renderer/app/a.ts', 'electron/engine/pricing/index.ts'],
  ['layer-app', 'electron/app/a.ts', 'practice/world/x.ts'],
  ['layer-shell', 'electron/shell/a.ts', 'electron/runtime/x.ts'],
  ['layer-headless', 'electron/headless/a.ts', 'electron/engine/catalog/index.ts'],
  ['practice-wiring-only', 'electron/app/hosting/wire-practice.ts', 'electron/engine/catalog/index.ts'],
  ['practice-run-alone', 'electron/app/c.ts', 'electron/app/practice-run.ts'],
  ['cli-imports', 'electron/headless/cli/a.ts', 'electron/runtime/x.ts'],
  ['engine-module-unmapped', 'electron/engine/stray/a.ts', 'electron/kernel/x.ts'],
  ['engine-outside', 'electron/engine/catalog/a.ts', 'electron/connectors/keepa/x.ts'],
  ['engine-public-door', 'electron/engine/orders/a.ts', 'electron/engine/listings/repo.ts'],
  ['engine-ports', 'electron/engine/rivals/ports.ts', 'electron/engine/catalog/index.ts'],
  ['prisma-in-repos', 'electron/engine/catalog/list-things.ts', 'electron/runtime/prisma/client.ts'],
  ['renderer-no-node', 'renderer/app/b.ts', 'node:fs'],
  ['renderer-no-schemas', 'renderer/app/c.ts', 'electron/contract/x.ts'],
  ['renderer-features-apart', 'renderer/features/orders/a.ts', 'renderer/features/stock/x.ts'],
  ['electron-only-in-shell', 'electron/app/b.ts', 'electron'],
  ['no-tests-in-sources', 'electron/kernel/b.ts', 'electron/kernel/x.test.ts'],
  ['not-resolvable', 'electron/kernel/c.ts', 'electron/nowhere.ts'],
];
/** The first module that a module may not import; the leaf pricing stands for it where everything is allowed. */
const forbiddenFor = (name: string) => Object.keys(MODULE_MAP).find((other) => other !== name && !MODULE_MAP[name]!.includes(other))!;

describe('dependency rules', () => {
  it('report a planted breach of every rule', () => {
    const mapped = Object.keys(MODULE_MAP).map((name): [string, string, string] => [`engine-map-${name}`, `electron/engine/${name}/breach.ts`, `electron/engine/${forbiddenFor(name)}/index.ts`]);
    const planted = [...BREACHES, ...mapped];
    const files: Record<string, string[]> = { 'electron/kernel/ring-a.ts': ['electron/kernel/ring-b.ts'], 'electron/kernel/ring-b.ts': ['electron/kernel/ring-a.ts'] };
    for (const [, from, to] of planted) files[from] = [to];
    const { code, lines } = check(plant(files));
    expect(code).toBe(1);
    for (const [rule, from] of planted) expect(lines.some((line) => line.startsWith(`${rule}: ${from} → `)), `${rule}: ${from}\n${lines.join('\n')}`).toBe(true);
    expect(lines.some((line) => line.startsWith('no-circular: electron/kernel/ring-'))).toBe(true);
    const tried = new Set([...planted.map(([rule]) => rule), 'no-circular']);
    expect(forbidden.map(({ name }) => name).filter((name) => !tried.has(name))).toEqual([]);
  });

  it('see through #-imports', () => {
    const tree = plant({ 'electron/kernel/a.ts': ['#contract/x.ts'], 'electron/app/x.ts': ['electron/contract/x.ts'] });
    expect(check(tree).lines).toContain('layer-kernel: electron/kernel/a.ts → electron/contract/x.ts');
  });

  it('let pass what the layers and the map allow', () => {
    const files: Record<string, string[]> = {
      'electron/connectors/ebay/a.ts': ['electron/engine/listings/ports.ts', 'electron/kernel/x.ts'],
      'electron/engine/flows/a.ts': [...Object.keys(MODULE_MAP).map((name) => `electron/engine/${name}/index.ts`), 'electron/runtime/x.ts'],
      'electron/engine/catalog/repo.ts': ['electron/runtime/prisma/client.ts'],
      'electron/engine/listings/ports.ts': ['electron/engine/catalog/ports.ts'],
      'electron/app/hosting/wire-practice.ts': ['practice/market.ts', 'electron/kernel/x.ts'],
      'electron/app/compose.ts': ['electron/engine/catalog/index.ts', 'electron/connectors/ebay/a.ts', 'electron/contract/x.ts'],
      'electron/shell/main.ts': ['electron', 'electron/app/compose.ts'],
      'renderer/features/orders/a.ts': ['electron/contract/words.ts', 'renderer/ui/x.ts'],
      'electron/connectors/ebay/a.test.ts': ['practice/world/x.ts', 'node:fs'],
    };
    for (const [name, allowed] of Object.entries(MODULE_MAP)) if (allowed.length > 0) files[`electron/engine/${name}/uses.ts`] = allowed.map((other) => `electron/engine/${other}/index.ts`);
    const { code, lines } = check(plant(files));
    expect(lines).toEqual([expect.stringMatching(/^0 breaches in \d+ files with \d+ imports between them$/)]);
    expect(code).toBe(0);
  });

  it('fail when the checker cannot see the tree', () => {
    const { code, lines } = check(plant({ 'electron/kernel/a.ts': [] }));
    expect(code).toBe(2);
    expect(lines.join('\n')).toContain('nothing is proven');
  });

  it('hold in the real tree', () => {
    const { code, lines } = check(root);
    expect(lines.slice(0, -1)).toEqual([]);
    expect(code).toBe(0);
  });
});

describe('the module map', () => {
  it('is acyclic, and names only modules that it holds', () => {
    const done = new Set<string>();
    const visit = (name: string, trail: string[]) => {
      expect(trail, `cycle at ${name}`).not.toContain(name);
      expect(MODULE_MAP[name], name).toBeDefined();
      if (done.has(name)) return;
      for (const other of MODULE_MAP[name]!) visit(other, [...trail, name]);
      done.add(name);
    };
    for (const name of Object.keys(MODULE_MAP)) visit(name, []);
    expect(SPANNING.filter((name) => name in MODULE_MAP)).toEqual([]);
    expect(LAYERS['electron/kernel']).toEqual([]);
  });
});

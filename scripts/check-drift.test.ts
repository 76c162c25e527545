import { spawnSync } from 'node:child_process';
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, expect, it } from 'vitest';

/** The check that CI runs on the real tree, on one where the schema went on without a migration. */
const root = path.resolve(import.meta.dirname, '..');
let tree: string | null = null;
afterEach(() => {
  if (tree) rmSync(tree, { recursive: true, force: true });
});

it('the check of the migrations fails on a schema that they do not make, and names what differs', () => {
  tree = mkdtempSync(path.join(os.tmpdir(), 'drift-'));
  mkdirSync(path.join(tree, 'scripts'));
  copyFileSync(path.join(root, 'scripts/migrate.mjs'), path.join(tree, 'scripts/migrate.mjs'));
  cpSync(path.join(root, 'prisma'), path.join(tree, 'prisma'), { recursive: true });
  symlinkSync(path.join(root, 'node_modules'), path.join(tree, 'node_modules'));
  const schema = path.join(tree, 'prisma/schema.prisma');
  writeFileSync(schema, readFileSync(schema, 'utf8').replace('model Setting {', 'model Setting {\n  drifted Int?'));
  const check = spawnSync(process.execPath, [path.join(tree, 'scripts/migrate.mjs'), 'check'], { encoding: 'utf8' });
  expect([check.status, check.stdout]).toEqual([2, expect.stringMatching(/Setting[^]*drifted/)]);
});

// Checks the layer rules over the whole tree, and that the checker saw the tree: with a TypeScript that it cannot read it would find no module and pass.
//   node scripts/check-rules.mjs [FOLDER]     FOLDER: another tree to check with the same rules (for tests of the rules)
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const root = path.resolve(process.argv[2] ?? path.join(import.meta.dirname, '..'));
process.chdir(root);
const { cruise } = await import('dependency-cruiser');
const { default: extractTsConfig } = await import('dependency-cruiser/config-utl/extract-ts-config');
const { forbidden, options } = createRequire(import.meta.url)('../.dependency-cruiser.cjs');

const folders = ['electron', 'scrapers', 'renderer', 'practice', 'tests', 'bench'].filter((folder) => fs.existsSync(folder));
const countSources = (folder) => fs.readdirSync(folder, { recursive: true }).filter((name) => /\.tsx?$/.test(name)).length;
const present = folders.reduce((sum, folder) => sum + countSources(folder), 0);

const result = await cruise(folders, { ...options, ruleSet: { forbidden }, validate: true }, undefined, { tsConfig: extractTsConfig(path.join(root, 'tsconfig.json')) });
const { modules, summary } = result.output;
const seen = modules.filter((module) => /^(electron|scrapers|renderer|practice|tests|bench)\/.*\.tsx?$/.test(module.source)).length;
const edges = modules.reduce((sum, module) => sum + module.dependencies.filter((dependency) => /\.tsx?$/.test(dependency.resolved)).length, 0);

for (const { rule, from, to, cycle } of summary.violations) console.log(`${rule.name}: ${from} → ${cycle ? cycle.map((step) => step.name ?? step).join(' → ') : to}`);
if (seen < present || edges === 0) {
  console.log(`the checker saw ${seen} of ${present} TypeScript files and ${edges} imports between them: it cannot read this tree, so nothing is proven`);
  process.exit(2);
}
console.log(`${summary.violations.length} breaches in ${seen} files with ${edges} imports between them`);
process.exit(summary.violations.length > 0 ? 1 : 0);

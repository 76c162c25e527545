// The layer rules, made from scripts/module-map.cjs. tests/rules plants a breach of each and sees it reported.
const { MODULE_MAP, SPANNING, LAYERS } = require('./scripts/module-map.cjs');

/** A port may speak another port's types: connectors see ports alone, so they cannot come through an index.ts. */
const PORTS = '^electron/engine/[^/]+/ports\\.ts$';
/** Test files and their helpers reach across layers: a test of a connector runs it against the practice market. */
const TEST = '(\\.test\\.tsx?$|/(fixtures|testing)/)';
const SOURCE = '^(electron|scrapers|renderer|practice|tests|bench|prisma)/';
const MODULES = [...Object.keys(MODULE_MAP), ...SPANNING];
const rule = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

const layers = Object.entries(LAYERS).map(([folder, allowed]) =>
  rule(`layer-${folder.replace(/^electron\//, '')}`, `${folder} may import ${allowed.length === 0 ? 'nothing of ours' : allowed.join(', ')}`, { path: `^${folder}/`, pathNot: [TEST, ...(EXCEPTIONS()[folder] ?? [])] }, { path: SOURCE, pathNot: [`^${folder}/`, ...allowed.map((pattern) => `^${pattern}`)] }),
);

/** The single files that join the practice market to a host: it runs in a thread of its own, and its commands in the command line. */
function EXCEPTIONS() {
  return {
    'electron/app': ['^electron/app/hosting/wire-practice\\.ts$'],
    'electron/headless': ['^electron/headless/cli/'],
  };
}

const exceptions = [
  rule('practice-wiring-only', 'the wiring of the practice market knows the market from outside, and nothing of the engine', { path: '^electron/app/hosting/(wire-practice|practice-thread)\\.ts$' }, { path: SOURCE, pathNot: ['^electron/(app/hosting|kernel)/', '^electron/app/options\\.ts$', '^practice/(market|credentials)\\.ts$'] }),
  rule('practice-run-alone', 'what approves by itself is reached by the practice command alone', { path: SOURCE, pathNot: [TEST, '^(tests|bench)/', '^electron/app/(practice-run|choose-purchases)\\.ts$', '^electron/headless/cli/practice-command\\.ts$'] }, { path: '^electron/app/(practice-run|choose-purchases)\\.ts$' }),
  rule('cli-imports', 'the command line may run the practice market', { path: '^electron/headless/cli/', pathNot: TEST }, { path: SOURCE, pathNot: ['^electron/(headless|app|contract|kernel)/', '^practice/(market\\.ts$|credentials\\.ts$|world/index\\.ts$)'] }),
];

const engine = [
  rule('engine-module-unmapped', 'every engine module stands in scripts/module-map.cjs', { path: '^electron/engine/[^/]+/', pathNot: MODULES.map((name) => `^electron/engine/${name}/`) }, {}),
  rule('engine-outside', 'engine modules import kernel, contract, runtime and one another', { path: '^electron/engine/', pathNot: TEST }, { path: SOURCE, pathNot: '^electron/(kernel|contract|runtime|engine)/' }),
  rule('engine-public-door', "another module is entered by its index.ts", { path: '^electron/engine/([^/]+)/', pathNot: [TEST, PORTS] }, { path: '^electron/engine/([^/]+)/', pathNot: ['^electron/engine/$1/', '^electron/engine/[^/]+/index\\.ts$'] }),
  rule('engine-ports', "a port knows other modules' ports at most", { path: '^electron/engine/([^/]+)/ports\\.ts$' }, { path: '^electron/engine/', pathNot: ['^electron/engine/$1/', PORTS] }),
  ...Object.entries(MODULE_MAP).map(([name, allowed]) =>
    rule(`engine-map-${name}`, `${name} may import ${allowed.join(', ') || 'no other module'}`, { path: `^electron/engine/${name}/`, pathNot: [TEST, PORTS] }, { path: '^electron/engine/', pathNot: [`^electron/engine/${name}/`, ...allowed.map((other) => `^electron/engine/${other}/`)] }),
  ),
  rule('prisma-in-repos', 'a module touches the database client in its repo alone', { path: '^electron/engine/', pathNot: [TEST, '/repo\\.ts$', '/[^/]*-repo\\.ts$', '/repo/'] }, { path: '^electron/runtime/prisma/|(^|/)node_modules/@prisma/' }),
];

const renderer = [
  rule('renderer-no-node', 'the window runs in a browser', { path: '^renderer/', pathNot: TEST }, { dependencyTypes: ['core'] }),
  rule('renderer-no-schemas', 'the window takes types from the contract, and values from words.ts alone', { path: '^renderer/', pathNot: TEST }, { path: '^electron/contract/', pathNot: '^electron/contract/words\\.ts$', dependencyTypesNot: ['type-only'] }),
  rule('renderer-features-apart', 'a feature never imports a feature', { path: '^renderer/features/([^/]+)/' }, { path: '^renderer/features/', pathNot: '^renderer/features/$1/' }),
];

const general = [
  rule('no-circular', 'a cycle has no order to read it in', { path: SOURCE, pathNot: '^electron/runtime/prisma/' }, { circular: true }),
  rule('electron-only-in-shell', 'only the shell imports electron', { path: SOURCE, pathNot: '^(electron|tests)/shell/' }, { path: '^electron$|(^|/)node_modules/electron/' }),
  rule('no-tests-in-sources', 'a source file never imports a test', { path: SOURCE, pathNot: ['^(tests|bench)/', TEST] }, { path: `^(tests|bench)/|${TEST}` }),
  rule('not-resolvable', 'an import that leads nowhere', { path: SOURCE }, { couldNotResolve: true, pathNot: '^(electron$|.*\\?(worker|url|raw)$)' }),
];

module.exports = {
  forbidden: [...general, ...layers, ...exceptions, ...engine, ...renderer],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(out|node_modules/\\.cache)/' },
    enhancedResolveOptions: { extensions: ['.ts', '.tsx', '.js', '.mjs', '.cjs', '.json'], conditionNames: ['import', 'node', 'default', 'types'], exportsFields: ['exports'] },
  },
};

// The set-up that every command shares: a Node that can run the program, packages that agree with the lock file, generated code, built bundles.
// Plain JavaScript for the machine's own Node (20 or newer), because it runs before anything is installed. Each part is skipped when up to date.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

export const root = path.resolve(import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname), '..');
const stampDir = path.join(root, 'out/.stamp');
/** The first Node that runs TypeScript files without a flag; below it better-sqlite3 and node:sqlite are missing too. */
const NODE_WANTED = [22, 18];
const NODE_SCRIPTS = [20, 0];

const newerOrSame = (version, [major, minor]) => version[0] > major || (version[0] === major && version[1] >= minor);
const parseVersion = (text) => text.replace(/^v/, '').split('.').map(Number);

/** One line of progress, so that a wait is never silent. */
export function say(line) {
  process.stderr.write(`resale-desk: ${line}\n`);
}

/** Ends the program with what went wrong and what to do. */
export function fail(line) {
  say(line);
  process.exit(1);
}

/** Runs a program to its end with our terminal as its own; resolves with its exit code. */
export function run(command, args, options = {}) {
  return new Promise((resolve) => {
    const { env = process.env, ...others } = options;
    // compiled code is kept beside the packages: every later start, also of what this starts, saves a third of a second
    const child = spawn(command, args, { cwd: root, stdio: 'inherit', ...others, env: { NODE_COMPILE_CACHE: path.join(root, 'node_modules/.cache/compile'), ...env } });
    const pass = (signal) => child.kill(signal);
    process.on('SIGINT', pass);
    process.on('SIGTERM', pass);
    // npm told to end takes its shell along, but a shell takes nobody along: without this the program would go on unseen, holding its data folder.
    const parent = process.ppid;
    const watching = process.env.npm_lifecycle_event ? setInterval(() => process.ppid !== parent && pass('SIGTERM'), 500) : null;
    watching?.unref();
    child.on('error', (error) => {
      say(`${path.basename(command)}: ${error.message}`);
      resolve(1);
    });
    child.on('exit', (code, signal) => {
      process.off('SIGINT', pass);
      process.off('SIGTERM', pass);
      clearInterval(watching);
      resolve(code ?? (signal === 'SIGINT' ? 130 : signal === 'SIGTERM' ? 143 : 1));
    });
  });
}

/** Digest of the content of files and folders (by relative path), so that a stamp holds exactly while nothing of it changed. */
export function digestOf(entries, { skip = /\.test\.tsx?$|(^|\/)(fixtures|node_modules)(\/|$)/ } = {}) {
  const hash = createHash('sha256');
  const add = (relative) => {
    if (skip.test(relative)) return;
    const full = path.join(root, relative);
    const stat = fs.statSync(full, { throwIfNoEntry: false });
    if (!stat) return;
    if (stat.isDirectory()) for (const name of fs.readdirSync(full).sort()) add(`${relative}/${name}`);
    else hash.update(`${relative}\0`).update(fs.readFileSync(full)).update('\0');
  };
  for (const entry of entries) add(entry);
  return hash.digest('hex');
}

/** Runs `make` unless `digest` is what the stamp of `name` says and `output` exists. The stamp is written after `make` succeeded. */
export async function whenStale({ name, digest, output }, make) {
  const stamp = path.join(stampDir, name);
  const current = fs.existsSync(stamp) && fs.readFileSync(stamp, 'utf8') === digest && fs.existsSync(path.join(root, output));
  if (current) return false;
  fs.rmSync(stamp, { force: true });
  await make();
  fs.mkdirSync(stampDir, { recursive: true });
  fs.writeFileSync(stamp, digest);
  return true;
}

const packagesOf = (file) => (fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')).packages : null);

/** Why the installed packages do not agree with the lock file, or null. Optional packages of other platforms may be absent. */
export function installProblem() {
  const wanted = packagesOf(path.join(root, 'package-lock.json'));
  const installed = packagesOf(path.join(root, 'node_modules/.package-lock.json'));
  if (!wanted) return 'package-lock.json is missing';
  if (!installed) return 'no packages are installed yet';
  for (const [place, entry] of Object.entries(wanted)) {
    if (place === '' || entry.link) continue;
    const found = installed[place];
    if (!found && !entry.optional && !entry.devOptional) return `${place.replace('node_modules/', '')} is missing`;
    if (found && found.version !== entry.version) return `${place.replace('node_modules/', '')} is ${found.version}, the lock file says ${entry.version}`;
  }
  for (const place of Object.keys(installed)) if (!wanted[place]) return `${place.replace('node_modules/', '')} is not in the lock file`;
  return null;
}

async function installPackages() {
  const problem = installProblem();
  if (problem === null) return;
  say(`installing packages (${problem}); the first time takes about a minute`);
  const started = Date.now();
  const ticking = setInterval(() => say(`still installing, ${Math.round((Date.now() - started) / 1000)} s`), 15_000);
  const npmArgs = ['ci', '--no-audit', '--no-fund', '--loglevel=error'];
  // Under npm this is npm's own script; started by hand, npm is looked for on the path (a .cmd on Windows, which needs a shell).
  const npmScript = process.env.npm_execpath?.endsWith('.js') ? process.env.npm_execpath : null;
  const code = npmScript ? await run(process.execPath, [npmScript, ...npmArgs]) : await run('npm', npmArgs, { shell: process.platform === 'win32' });
  clearInterval(ticking);
  // Ctrl+C: nothing failed; what is half installed is begun anew the next time
  if (code === 130 || code === 143) process.exit(code);
  if (code !== 0) fail('npm ci failed: its message stands above. The desk needs the package registry once, on the first start.');
  say(`packages installed in ${Math.round((Date.now() - started) / 1000)} s`);
}

/** The Node to run the program with: this one when it is new enough, else the one that the packages bring along. */
function findNode() {
  if (newerOrSame(parseVersion(process.version), NODE_WANTED)) return process.execPath;
  const bundled = path.join(root, 'node_modules/.bin/node');
  const probe = fs.existsSync(bundled) ? spawnSync(bundled, ['--version'], { encoding: 'utf8' }) : null;
  if (probe?.status === 0 && newerOrSame(parseVersion(probe.stdout.trim()), NODE_WANTED)) return bundled;
  return fail(`Node ${NODE_WANTED.join('.')} or newer is needed; this is ${process.version}, and the packages bring none along for ${process.platform} ${process.arch}. Install Node 24 from nodejs.org.`);
}

async function generateClient() {
  const digest = digestOf(['prisma/schema.prisma', 'prisma.config.ts', 'scripts/prisma.mjs', 'node_modules/prisma/package.json'], { skip: /^$/ });
  await whenStale({ name: 'prisma', digest, output: 'electron/runtime/prisma/client.ts' }, async () => {
    say('generating the database client');
    const generated = spawnSync(process.execPath, [path.join(root, 'scripts/prisma.mjs'), 'generate'], { cwd: root, encoding: 'utf8' });
    if (generated.status !== 0) fail(`prisma generate failed:\n${generated.stdout}${generated.stderr}`);
  });
}

/**
 * Checks Node, installs, generates. When the machine's Node is too old, starts the calling script once more under the Node that was installed, and
 * never returns. @param script the calling script (`import.meta.url`)
 */
export async function prepare(script) {
  if (!newerOrSame(parseVersion(process.version), NODE_SCRIPTS)) fail(`Node ${NODE_SCRIPTS[0]} or newer is needed to start; this is ${process.version}.`);
  await installPackages();
  const node = findNode();
  if (node !== process.execPath) {
    const env = { ...process.env, PATH: `${path.dirname(node)}${path.delimiter}${process.env.PATH ?? ''}` };
    process.exit(await run(node, [new URL(script).pathname, ...process.argv.slice(2)], { env }));
  }
  await generateClient();
}

/** Where an Electron runtime is, or null: the packages' own, or a folder named by ELECTRON_OVERRIDE_DIST_PATH. */
export function findElectron() {
  const home = path.join(root, 'node_modules/electron');
  const name = process.platform === 'darwin' ? 'Electron.app/Contents/MacOS/Electron' : process.platform === 'win32' ? 'electron.exe' : 'electron';
  const places = [process.env.ELECTRON_OVERRIDE_DIST_PATH, path.join(home, 'dist')].filter((place) => place);
  return places.map((place) => path.join(place, name)).find((file) => fs.existsSync(file)) ?? null;
}

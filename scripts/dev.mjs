// npm run dev: the window with hot reload, and the engine in the practice market, started again when its code changes. No key is needed.
//   npm run dev -- [--port PORT] [--data DIR] [--practice SEED]     the data folder is .data/dev unless told otherwise
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { prepare, root, say } from './setup.mjs';

await prepare(import.meta.url);
const { values } = parseArgs({ options: { port: { type: 'string' }, data: { type: 'string' }, practice: { type: 'string' } } });
const dataDir = path.resolve(values.data ?? path.join(root, '.data/dev'));
const port = Number(values.port ?? 5173);
const enginePort = port + 1;
const engineUrl = `http://127.0.0.1:${enginePort}`;

let engine = null;
let stopping = false;
function startEngine() {
  const args = ['--port', String(enginePort), '--data', dataDir, '--no-open', ...(values.practice ? ['--practice', values.practice] : [])];
  engine = spawn(process.execPath, [path.join(root, 'electron/headless/main.ts'), ...args], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, CI: '1' } });
  const own = engine;
  own.once('exit', (code) => {
    if (engine !== own) return;
    engine = null;
    if (!stopping && code !== 0) say(`the engine ended with ${code}; it starts again with the next change`);
  });
}

/** Stops the engine and waits until its data folder is free. */
function stopEngine() {
  const own = engine;
  engine = null;
  if (!own || own.exitCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    own.once('exit', resolve);
    own.kill('SIGTERM');
  });
}

let pending = null;
let restarting = Promise.resolve();
function restartSoon(file) {
  clearTimeout(pending);
  pending = setTimeout(() => {
    say(`${file} changed: the engine starts again`);
    restarting = restarting.then(stopEngine).then(startEngine);
  }, 300);
}
for (const folder of ['electron', 'scrapers', 'practice', 'resources', 'prisma/migrations']) {
  if (!fs.existsSync(path.join(root, folder))) continue;
  fs.watch(path.join(root, folder), { recursive: true }, (_event, name) => {
    if (!name || /\.test\.tsx?$|^shell\/|(^|\/)prisma\/internal/.test(name) || !/\.(ts|json|sql)$/.test(name)) return;
    restartSoon(`${folder}/${name}`);
  });
}

/** The development server stands where the host stands otherwise: it signs in with the API token, so that the page needs none. */
function signIn(proxy) {
  proxy.on('proxyReq', (request) => {
    const token = fs.readFileSync(path.join(dataDir, 'api-token'), 'utf8').trim();
    request.setHeader('authorization', `Bearer ${token}`);
    request.removeHeader('cookie');
    for (const name of ['origin', 'sec-fetch-site', 'sec-fetch-mode', 'sec-fetch-dest']) request.removeHeader(name);
  });
}

startEngine();
const { createServer } = await import('vite');
const target = { target: engineUrl, changeOrigin: true, configure: signIn };
const server = await createServer({ configFile: path.join(root, 'vite.config.ts'), server: { host: '127.0.0.1', port, strictPort: true, proxy: { '/rpc': target, '/api': target } } });
await server.listen();
say(`the desk is at http://127.0.0.1:${port}/ (data: ${dataDir})`);

async function stop() {
  if (stopping) process.exit(130);
  stopping = true;
  await Promise.all([server.close(), stopEngine()]);
  process.exit(0);
}
process.on('SIGINT', stop);
process.on('SIGTERM', stop);

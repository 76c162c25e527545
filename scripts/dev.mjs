// npm run dev: the window with hot reload, and the engine in the practice market, started again when its code changes. No key is needed.
//   npm run dev -- [--port PORT] [--data DIR] [--practice SEED]     the data folder is .data/dev unless told otherwise
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
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
    const file = path.join(dataDir, 'api-token');
    // not there before the engine's very first start is through: it refuses the request, and the page asks again
    if (fs.existsSync(file)) request.setHeader('authorization', `Bearer ${fs.readFileSync(file, 'utf8').trim()}`);
    request.removeHeader('cookie');
    for (const name of ['origin', 'sec-fetch-site', 'sec-fetch-mode', 'sec-fetch-dest']) request.removeHeader(name);
  });
}

/** Whether the engine answers; at most `seconds` are waited for it. */
async function engineAnswers(seconds) {
  for (let tries = 0; tries < seconds * 4; tries++) {
    const open = await new Promise((resolve) => {
      const socket = net.connect(enginePort, '127.0.0.1', () => { socket.destroy(); resolve(true); });
      socket.on('error', () => resolve(false));
    });
    if (open || stopping) return open;
    await new Promise((resolve) => { setTimeout(resolve, 250); });
  }
  return false;
}

async function stop() {
  if (stopping) process.exit(130);
  stopping = true;
  await Promise.all([server?.close(), stopEngine()]);
  process.exit(0);
}
let server = null;
process.on('SIGINT', stop);
process.on('SIGTERM', stop);

startEngine();
const { createServer } = await import('vite');
const target = { target: engineUrl, changeOrigin: true, configure: signIn };
// the window's own folder `rpc/` is served from the same place: its sources are no calls
server = await createServer({ configFile: path.join(root, 'vite.config.ts'), server: { host: '127.0.0.1', port, strictPort: true, proxy: { [String.raw`^/rpc/(?!.*\.tsx?(?:\?|$))`]: target, '^/api/': target } } });
await server.listen();
if (!(await engineAnswers(60)) && !stopping) say('the engine does not answer yet: the page goes on asking');
if (!stopping) say(`the desk is at http://127.0.0.1:${port}/ (data: ${dataDir})`);

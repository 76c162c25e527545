import { readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { messageOf } from '#kernel/errors.ts';
import { defaultDataDir } from '#app/hosting/data-dir.ts';
import { openBrowser } from './open-browser.ts';
import { parseOptions, UsageError } from './parse-options.ts';
import type { HeadlessOptions } from './parse-options.ts';
import { serveDesk } from './serve-desk.ts';

/** The headless host: serves the desk to a browser. Its words go to the terminal; its log is in the data folder. */
const rootDir = path.resolve(import.meta.dirname, '../..');
const say = (line: string) => process.stdout.write(`${line}\n`);

function readOptions(): HeadlessOptions {
  try {
    return parseOptions(process.argv.slice(2), process.env);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`resale-desk: ${error.message}\n`);
    process.exit(64);
  }
}

const options = readOptions();
const dataDir = options.dataDir ?? defaultDataDir({ platform: process.platform, home: os.homedir(), env: process.env });
const { version } = JSON.parse(readFileSync(path.join(rootDir, 'package.json'), 'utf8')) as { version: string };
if (!['127.0.0.1', 'localhost', '::1'].includes(options.address)) {
  process.stderr.write(`resale-desk: serving on ${options.address}: other machines can reach this desk, over plain HTTP; put a TLS proxy in front of it\n`);
}

try {
  const desk = await serveDesk({
    init: { dataDir: path.resolve(dataDir), version, seed: options.seed, ...(options.speed === null ? {} : { speed: options.speed }), rootDir },
    port: options.port,
    address: options.address,
    allowedHosts: options.allowedHosts,
    publicUrl: options.publicUrl,
    engineThread: new URL('./engine-thread.ts', import.meta.url).href,
    announce: true,
    tell: (line) => process.stderr.write(`resale-desk: ${line}\n`),
    onGivenUp: (reason) => {
      process.stderr.write(`resale-desk: the engine stops again and again: ${reason}\n(its log is in ${path.join(dataDir, 'logs')})\n`);
      process.exit(1);
    },
  });
  const signIn = desk.issueSignInUrl();
  say(`Resale Desk is ready: ${signIn}`);
  if (options.publicUrl) say(`Notices of vendors are taken at ${options.publicUrl}/hooks/{stripe,paypal,chargily,paynow,twilio,sendgrid}.`);
  say(`The address signs in one browser, once. Data: ${dataDir}`);
  if (options.open) openBrowser(signIn);
  if (process.stdin.isTTY) {
    say('Enter prints a new address, Ctrl+C stops.');
    process.stdin.on('data', () => say(desk.issueSignInUrl()));
  }
  let stoppingSince: number | null = null;
  const stop = (signal: NodeJS.Signals) => {
    // One Ctrl+C arrives twice: from the terminal, and passed on by the script that started us. A later one means now.
    if (stoppingSince !== null) {
      if (performance.now() - stoppingSince > 1_000) process.exit(130);
      return;
    }
    stoppingSince = performance.now();
    say('stopping');
    desk.stop().then(
      () => process.exit(signal === 'SIGINT' ? 130 : 0),
      () => process.exit(1),
    );
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
} catch (error) {
  process.stderr.write(`resale-desk: ${messageOf(error)}\n`);
  process.exit(1);
}

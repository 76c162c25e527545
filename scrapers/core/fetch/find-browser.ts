import { existsSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { ConnectorError, messageOf } from '#kernel/errors.ts';

/** The user's own browsers, best known first. */
const CHANNELS = ['chrome', 'msedge'] as const;
const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/snap/bin/chromium', '/Applications/Chromium.app/Contents/MacOS/Chromium'];

/**
 * Nothing leaves by the browser's own sockets: every name fails to resolve, and what pages ask for is answered by the program's own fetcher. That also
 * holds for web sockets, prefetches and service workers, which request interception does not see.
 */
const ARGUMENTS = [
  '--host-resolver-rules=MAP * ~NOTFOUND', '--force-webrtc-ip-handling-policy=disable_non_proxied_udp', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--disable-default-apps', '--no-first-run', '--disable-gpu', '--disable-dev-shm-usage',
];

export const NO_BROWSER = 'No Chrome, Edge or Chromium was found on this machine. Install one of them, or name its program in RESALE_BROWSER; shops that need no browser are read without.';

/** Ways to start one, best first. @param executablePath a browser's program, instead of looking for one. */
export const browserChoices = (executablePath?: string): { channel?: string; executablePath?: string }[] =>
  executablePath !== undefined ? [{ executablePath }] : [...CHANNELS.map((channel) => ({ channel })), ...CHROMIUM.filter((p) => existsSync(p)).map((p) => ({ executablePath: p }))];

/**
 * Starts the user's own browser, without window and with nothing of the user's profile.
 * @param executablePath a browser's program, instead of looking for one.
 * @throws ConnectorError `Critical` with code NO_BROWSER where none starts.
 */
export async function launchBrowser(executablePath?: string): Promise<Browser> {
  const { chromium } = await import('playwright-core');
  const chromiumSandbox = process.getuid?.() !== 0;
  const failures: string[] = [];
  for (const which of browserChoices(executablePath)) {
    try {
      return await chromium.launch({ ...which, headless: true, chromiumSandbox, args: ARGUMENTS });
    } catch (error) {
      failures.push(`${which.channel ?? which.executablePath}: ${messageOf(error).split('\n')[0]}`);
    }
  }
  throw new ConnectorError({ kind: 'Critical', connector: 'browser', operation: 'start a browser', code: 'NO_BROWSER', message: NO_BROWSER, evidence: failures.join('\n') });
}

import { isConnectorError } from '#kernel/errors.ts';
import { launchBrowser } from './find-browser.ts';

const LONGEST_MS = 30_000;

/**
 * A page of our own as PDF, printed by the user's browser. Nothing in it runs, and nothing is loaded: scripts are off, and the browser resolves no name.
 * @returns null where there is no browser on this machine.
 */
export async function printPage(html: string, executablePath?: string): Promise<Uint8Array | null> {
  const browser = await launchBrowser(executablePath).catch((error: unknown) => {
    if (isConnectorError(error, 'Critical')) return null;
    throw error;
  });
  if (!browser) return null;
  try {
    const context = await browser.newContext({ javaScriptEnabled: false, offline: true });
    const page = await context.newPage();
    await page.setContent(html, { waitUntil: 'load', timeout: LONGEST_MS });
    return await page.pdf({ format: 'A4', margin: { top: '15mm', bottom: '15mm', left: '12mm', right: '12mm' } });
  } finally {
    await browser.close();
  }
}

/** The phone's page as the host serves it, in Chromium: in the phone's language, without a finding of axe, linked by the address that the QR code holds. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import Fastify, { type FastifyInstance } from 'fastify';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silentLogger } from '#kernel/log.ts';
import { servePhone } from '#app/transports/phone/serve-phone.ts';
import { runAxe } from '#tests/support/run-axe.ts';
import { languageOf, WORDS } from '../../renderer/public/phone/words.js';

const CHROMIUM = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';
const found = existsSync(CHROMIUM);
if (!found) console.log(`skipped: the phone page in Chromium (no ${CHROMIUM})`);
const NOW = Date.UTC(2026, 10, 21);
const usd = (minor: number) => ({ minor, currency: 'USD' });
const ITEM = {
  kind: 'again', id: 'pur_1', version: 2, title: 'Bosch GSR 12V drill', sourceName: 'Maplecart', quantity: 2, total: usd(8_400), profit: usd(3_100), lossChanceBp: 700, daysToSell: 12, drift: [{ code: 'total', before: usd(8_000), after: usd(8_400) }],
  consents: [{ name: 'Amina' }], expiresAt: NOW + 5 * 3_600_000, mayDecide: true,
};

let app: FastifyInstance;
let browser: Browser;
let url: string;
let decided: unknown[] = [];

beforeAll(async () => {
  app = Fastify();
  servePhone(app, {
    logger: silentLogger, cookieName: () => 'resale_phone', pageDir: path.resolve(import.meta.dirname, '../../renderer/public/phone'),
    engine: { call: async ({ url: asked, body }) => {
      const question = asked.pathname.split('/').at(-1);
      const input = (body as { json: Record<string, unknown> }).json;
      if (question === 'login') return { status: input['code'] === 'K7QH2M9RXT' ? 200 : 401, headers: {}, body: { json: input['code'] === 'K7QH2M9RXT' ? { session: 's'.repeat(43), name: 'Karim' } : { code: 'SIGNED_OUT', message: 'This phone is not linked.' } } };
      if (question === 'decide') { decided.push(input); return { status: 200, headers: {}, body: { json: { outcome: 'approved' } } }; }
      return { status: 200, headers: {}, body: { json: { name: 'Karim', killSwitch: false, now: NOW, items: decided.length === 0 ? [ITEM] : [] } } };
    } },
  });
  url = await app.listen({ port: 0, host: '127.0.0.1' });
  if (found) browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu'] });
});
afterAll(async () => {
  await browser?.close();
  await app.close();
});

const findings = async (page: Page) => (await runAxe(page)).map((one) => `${one.id}: ${one.nodes.map((node) => node.target.join(' ')).join(', ')}`);
const keysOf = (words: object): string[] => Object.entries(words).flatMap(([key, value]) => (typeof value === 'object' && value !== null ? keysOf(value as object).map((inner) => `${key}.${inner}`) : [`${key} ${[...String(value).matchAll(/\{\w+\}/g)].map(String).toSorted().join(' ')}`]));

describe('the phone page', () => {
  it('says the same in every language', () => {
    expect([languageOf(['de-DE', 'fr-DZ']), languageOf(['de']), languageOf(['AR-dz'])]).toEqual(['fr', 'en', 'ar']);
    for (const words of Object.values(WORDS)) expect(keysOf(words).toSorted()).toEqual(keysOf(WORDS.en).toSorted());
  });

  it.skipIf(!found).each([['en-GB', 'light', 'ltr'], ['fr-DZ', 'dark', 'ltr'], ['ar', 'dark', 'rtl']] as const)('in %s: links, decides, and axe finds nothing', async (locale, colorScheme, dir) => {
    decided = [];
    const words = WORDS[locale.slice(0, 2) as keyof typeof WORDS] ?? WORDS.en;
    const context = await browser.newContext({ locale, colorScheme, viewport: { width: 390, height: 800 } });
    const page = await context.newPage();
    const problems: string[] = [];
    page.on('pageerror', (error) => problems.push(error.message));
    await page.goto(`${url}/phone#code=WRONG12345`);
    await page.getByRole('button', { name: words.link }).click();
    await page.getByText(words.advice.SIGNED_OUT).waitFor();
    expect([await page.locator('html').getAttribute('dir'), await page.locator('html').getAttribute('lang'), await page.title()]).toEqual([dir, words === WORDS.en ? 'en' : locale.slice(0, 2), `${words.title} · Resale Desk`]);
    expect(await findings(page)).toEqual([]);
    // the address of the QR code holds the code, and loses it as soon as it was taken over
    await page.goto('about:blank');
    await page.goto(`${url}/phone#code=K7QH2M9RXT`);
    expect([await page.locator('#code').inputValue(), page.url()]).toEqual(['K7QH2M9RXT', `${url}/phone`]);
    await page.getByRole('button', { name: words.link }).click();
    await page.getByRole('heading', { name: ITEM.title }).waitFor();
    expect(await page.locator('dd').first().innerText()).toMatch(/84[.,]00/);
    expect(await findings(page)).toEqual([]);
    await page.getByRole('button', { name: `${words.yes.again}: ${ITEM.title}` }).click();
    await page.getByText(words.nothing.replace('{name}', 'Karim')).waitFor();
    expect([decided, problems]).toEqual([[{ kind: 'again', id: 'pur_1', version: 2, decision: 'approve', session: 's'.repeat(43) }], []]);
    await context.close();
  });
});

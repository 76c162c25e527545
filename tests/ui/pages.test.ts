/// <reference lib="dom" />
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { checkPages } from './check-pages.ts';
import { axe, openDesk, openPage, shoot, type Desk } from './desk.ts';
import { chromiumFound } from './harness.ts';

describe.skipIf(!chromiumFound)('every page', () => {
  let desk: Desk;
  beforeAll(async () => { desk = await openDesk(); });
  beforeEach(() => desk.server.reset());
  afterAll(async () => desk?.close());

  it('is clean by axe in light, fits at 1280 and 1920, and logs no error', () => checkPages(desk, 'light'));

  it('asks on the first run, and starts the practice market', async () => {
    desk.server.firstRun = true;
    const { page } = await openPage(desk);
    await page.goto(desk.url);
    await page.waitForSelector('.choices');
    expect(page.url()).toContain('#/welcome');
    expect(await axe(page)).toEqual([]);
    await shoot(page, 'welcome-light-1280');
    await page.getByRole('button', { name: 'Start in the practice market' }).click();
    await page.waitForSelector('.need');
    expect(await page.locator('.mode-badge').innerText()).toContain('Practice market');
    await page.context().close();
  });
});

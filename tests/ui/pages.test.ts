/// <reference lib="dom" />
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PAGES, axe, go, openDesk, openPage, overflow, shoot, type Desk } from './desk.ts';
import { chromiumFound } from './harness.ts';

describe.skipIf(!chromiumFound)('every page', () => {
  let desk: Desk;
  beforeAll(async () => { desk = await openDesk(); });
  beforeEach(() => desk.server.reset());
  afterAll(async () => desk?.close());

  for (const scheme of ['light', 'dark'] as const) {
    it(`is clean by axe in ${scheme}, without an error, at 1280`, async () => {
      const { page, problems } = await openPage(desk, { scheme });
      const found: Record<string, string[]> = {};
      for (const name of Object.keys(PAGES)) {
        await go(desk, page, name);
        await page.waitForFunction((wanted) => document.documentElement.getAttribute('data-mantine-color-scheme') === wanted, scheme);
        await shoot(page, `${name}-${scheme}-1280`);
        const violations = await axe(page);
        if (violations.length > 0) found[name] = violations;
      }
      await page.context().close();
      expect(found).toEqual({});
      expect(problems).toEqual([]);
    });

    it(`fits at 1920 in ${scheme}`, async () => {
      const { page, problems } = await openPage(desk, { scheme, width: 1920 });
      const wide: Record<string, number> = {};
      for (const name of Object.keys(PAGES)) {
        await go(desk, page, name);
        await shoot(page, `${name}-${scheme}-1920`);
        const by = await overflow(page);
        if (by > 0) wide[name] = by;
      }
      await page.context().close();
      expect(wide).toEqual({});
      expect(problems).toEqual([]);
    });
  }

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

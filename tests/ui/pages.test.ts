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
    // Structure and names are the same in both schemes: in the dark one only the colours are looked at again.
    const rules = scheme === 'dark' ? ['color-contrast'] : undefined;
    it(`is clean by axe in ${scheme}, fits at 1280 and 1920, and logs no error`, async () => {
      const { page, problems } = await openPage(desk, { scheme, width: 1920 });
      const found: Record<string, string[]> = {};
      const wide: Record<string, number> = {};
      for (const name of Object.keys(PAGES)) {
        await page.setViewportSize({ width: 1920, height: 1080 });
        await go(desk, page, name);
        await page.waitForFunction((wanted) => document.documentElement.getAttribute('data-mantine-color-scheme') === wanted, scheme);
        await shoot(page, `${name}-${scheme}-1920`);
        const by = await overflow(page);
        await page.setViewportSize({ width: 1280, height: 800 });
        await shoot(page, `${name}-${scheme}-1280`);
        if (by > 0 || (await overflow(page)) > 0) wide[name] = by;
        const violations = await axe(page, rules);
        if (violations.length > 0) found[name] = violations;
      }
      await page.context().close();
      expect(found).toEqual({});
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

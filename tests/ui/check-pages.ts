import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { axe, go, openDesk, openPage, overflow, PAGES, shoot, type Desk } from './desk.ts';

/** Declares a test for each page in one colour scheme, wide and narrow: what axe finds (all of its rules unless told), what pushes the page sideways, and what the console complains of. */
export function checkPages(scheme: 'light' | 'dark', rules?: readonly string[]): void {
  let desk: Desk;
  let page: Page;
  let problems: string[];
  beforeAll(async () => {
    desk = await openDesk();
    ({ page, problems } = await openPage(desk, { scheme, width: 1920 }));
  });
  afterAll(async () => desk?.close());

  it.each(Object.keys(PAGES))('%s', async (name) => {
    problems.length = 0;
    await page.setViewportSize({ width: 1920, height: 1080 });
    await go(desk, page, name);
    await page.waitForFunction((wanted) => document.documentElement.getAttribute('data-mantine-color-scheme') === wanted, scheme);
    await shoot(page, `${name}-${scheme}-1920`);
    expect(await overflow(page)).toBe(0);
    await page.setViewportSize({ width: 1280, height: 800 });
    await shoot(page, `${name}-${scheme}-1280`);
    expect(await overflow(page)).toBe(0);
    expect(await axe(page, rules)).toEqual([]);
    expect(problems).toEqual([]);
  });
}

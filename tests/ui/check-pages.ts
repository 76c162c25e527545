import { expect } from 'vitest';
import { axe, go, openPage, overflow, PAGES, shoot, type Desk } from './desk.ts';

/** Every page in one colour scheme, wide and narrow: what axe finds (all of its rules unless told), what pushes the page sideways, and what the console complains of. */
export async function checkPages(desk: Desk, scheme: 'light' | 'dark', rules?: string[]): Promise<void> {
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
}

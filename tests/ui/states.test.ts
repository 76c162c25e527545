/// <reference lib="dom" />
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PAGES, axe, go, openDesk, openPage, overflow, shoot, type Desk } from './desk.ts';
import { chromiumFound } from './harness.ts';

const LISTS = { '/': 'Nothing needs you', '/opportunities': 'No open opportunities yet', '/purchases': 'Nothing has been bought yet', '/stock': 'There is no stock yet', '/listings': 'Nothing is listed yet', '/orders': 'No orders yet', '/payments': 'No payment provider is connected', '/ledger': 'The books are empty', '/reports': 'Nothing was sold in this time', '/sources': 'No source yet' } as const;

describe.skipIf(!chromiumFound)('the states of a page', () => {
  let desk: Desk;
  beforeAll(async () => { desk = await openDesk(); });
  beforeEach(() => desk.server.reset());
  afterAll(async () => desk?.close());

  it('says what an empty page is for, with one button that fills it', async () => {
    desk.server.mode = 'empty';
    const { page } = await openPage(desk);
    for (const [address, title] of Object.entries(LISTS)) {
      await page.goto(`${desk.url}/#${address}`);
      await page.getByRole('heading', { name: title }).waitFor();
      expect(await page.locator('.state button, .state a.mantine-Button-root').count(), address).toBe(1);
      await shoot(page, `empty${address.replaceAll('/', '-')}`);
    }
    expect(await axe(page)).toEqual([]);
    await page.context().close();
  });

  it('says what happened and what to do when the engine fails, and comes back on a retry', async () => {
    desk.server.mode = 'failing';
    const { page } = await openPage(desk);
    for (const address of Object.keys(LISTS)) {
      await page.goto(`${desk.url}/#${address}`);
      await page.getByRole('heading', { name: 'The engine failed while it worked on this.' }).first().waitFor();
    }
    await page.goto(`${desk.url}/#/purchases`);
    await page.locator('.state[role=alert]').waitFor();
    await shoot(page, 'failing-purchases');
    expect(await axe(page)).toEqual([]);
    desk.server.mode = 'full';
    await page.getByRole('button', { name: 'Try again' }).first().click();
    await page.waitForSelector('.grid-row');
    await page.context().close();
  });

  it('shows a skeleton of its own shape while it waits', async () => {
    desk.server.mode = 'hang';
    const { page } = await openPage(desk);
    for (const address of Object.keys(LISTS)) {
      await page.goto(`${desk.url}/#${address}`);
      await page.locator('main [role=status][aria-label=Loading]').first().waitFor();
    }
    expect(await axe(page)).toEqual([]);
    await page.context().close();
  });

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

  it('scrolls through ten thousand rows without holding up the window', async () => {
    const { page } = await openPage(desk);
    await go(desk, page, 'opportunities');
    await page.evaluate(() => {
      const tasks: number[] = [];
      Object.assign(window, { longTasks: tasks });
      new PerformanceObserver((list) => { for (const entry of list.getEntries()) tasks.push(entry.duration); }).observe({ entryTypes: ['longtask'] });
    });
    for (let step = 0; step < 60; step++) {
      await page.evaluate(() => document.querySelector('.grid')?.scrollBy(0, 1_200));
      await page.waitForTimeout(25);
    }
    await page.waitForTimeout(300);
    const seen = await page.evaluate(() => ({ index: Number(document.querySelector('.grid-row:last-child')?.getAttribute('aria-rowindex')), drawn: document.querySelectorAll('.grid-row').length, tasks: (window as unknown as { longTasks: number[] }).longTasks }));
    expect(seen.index).toBeGreaterThan(500);
    expect(seen.drawn).toBeLessThan(80);
    console.log(`scrolling: ${seen.tasks.length} tasks over 50 ms, longest ${Math.round(Math.max(0, ...seen.tasks))} ms, at row ${seen.index}`);
    // How long that takes is for a quiet machine to say; what must hold on any is that a row which stays in sight is left as it is.
    const redrawn = await page.evaluate(async () => {
      const grid = document.querySelector('.grid')!;
      const rows = new Set<Element>();
      const body = document.querySelector('.grid-body')!;
      const calm = () => new Promise<void>((resolve) => {
        let timer = setTimeout(resolve, 500);
        new MutationObserver(() => { clearTimeout(timer); timer = setTimeout(resolve, 500); }).observe(body, { subtree: true, childList: true, characterData: true, attributes: true });
      });
      await calm();
      const watch = new MutationObserver((changes) => { for (const change of changes) rows.add((change.target instanceof Element ? change.target : change.target.parentElement!).closest('.grid-row') ?? grid); });
      watch.observe(body, { subtree: true, childList: true, characterData: true, attributes: true });
      grid.scrollBy(0, document.querySelector('.grid-row')!.clientHeight + 1);
      await calm();
      watch.disconnect();
      return rows.size;
    });
    expect(redrawn).toBeGreaterThan(0);
    expect(redrawn).toBeLessThanOrEqual(4);
    await page.context().close();
  });

  it('says that the engine is away, keeps what it shows, and recovers', async () => {
    const own = await openDesk(200);
    const { page } = await openPage(own);
    await go(own, page, 'opportunities');
    const port = Number(new URL(own.url).port);
    await own.server.stop();
    await page.locator('.banner[role=alert]').waitFor();
    expect(await page.locator('.banner').innerText()).toContain('does not answer');
    expect(await page.locator('.grid-row').count()).toBeGreaterThan(5);
    expect(await axe(page)).toEqual([]);
    await shoot(page, 'offline');
    await own.server.start(port);
    await page.locator('.banner[role=alert]').waitFor({ state: 'detached' });
    await page.context().close();
    await own.close();
  });

  it('mirrors from right to left, but not the numbers and charts', async () => {
    desk.server.appearance = { scheme: 'light', density: 'normal', locale: 'ar' };
    const { page } = await openPage(desk);
    desk.server.appearance = { scheme: 'light', density: 'normal', locale: 'ar' };
    await go(desk, page, 'opportunity');
    await page.waitForFunction(() => document.documentElement.dir === 'rtl');
    const box = await page.evaluate(() => ({ rail: document.querySelector('.rail')!.getBoundingClientRect().left, list: document.querySelector('.split-list')!.getBoundingClientRect().left, panel: document.querySelector('.split-detail')!.getBoundingClientRect().left, number: getComputedStyle(document.querySelector('.grid .num')!).direction, chart: getComputedStyle(document.querySelector('.price-chart-plot')!).direction }));
    expect(box.rail).toBeGreaterThan(box.list);
    expect(box.panel).toBeLessThan(box.list);
    expect([box.number, box.chart]).toEqual(['ltr', 'ltr']);
    expect(await overflow(page)).toBe(0);
    await shoot(page, 'rtl-opportunity');
    await page.context().close();
  });

  it('keeps every page usable with text at 200 %', async () => {
    const { page } = await openPage(desk);
    await page.addInitScript(() => { document.addEventListener('DOMContentLoaded', () => { document.documentElement.style.fontSize = '32px'; }); });
    const wide: Record<string, number> = {};
    for (const name of Object.keys(PAGES)) {
      await page.setViewportSize({ width: 1280, height: 1024 });
      await go(desk, page, name);
      const by = await overflow(page);
      if (by > 0) wide[name] = by;
      await shoot(page, `large-${name}`);
    }
    expect(wide).toEqual({});
    const row = await page.evaluate(() => getComputedStyle(document.documentElement).fontSize);
    expect(row).toBe('32px');
    await page.context().close();
  });

  it('takes the whole page for a detail on a small window', async () => {
    const { page } = await openPage(desk, { width: 800 });
    await go(desk, page, 'opportunity');
    expect(await page.locator('.split-list').isVisible()).toBe(false);
    await shoot(page, 'small-opportunity');
    await page.getByRole('button', { name: 'Close the detail' }).click();
    await page.locator('.grid-row').first().waitFor();
    await page.context().close();
  });
});

/// <reference lib="dom" />
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { axe, go, openDesk, openPage, shoot, type Desk } from './desk.ts';
import { chromiumFound } from './harness.ts';

const activeTitle = (page: Page) => page.locator('.grid-row[aria-selected=true] .grid-cell').first().innerText();
const ids = (page: Page) => page.locator('.grid-row').evaluateAll((rows) => rows.map((row) => row.id));

describe.skipIf(!chromiumFound)('working with the desk', () => {
  let desk: Desk;
  beforeAll(async () => { desk = await openDesk(3_000); });
  beforeEach(() => desk.server.reset());
  afterAll(async () => desk?.close());

  it('moves with J and K, opens with Enter, closes with Escape, and back works', async () => {
    const { page, problems } = await openPage(desk);
    await go(desk, page, 'opportunities');
    await page.keyboard.press('j');
    const first = await activeTitle(page);
    await page.keyboard.press('j');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('k');
    await page.keyboard.press('k');
    expect(await activeTitle(page)).toBe(first);
    await page.keyboard.press('Enter');
    await page.locator('.split-detail .verdict').waitFor();
    expect(page.url()).toContain('open=opp_');
    await page.reload();
    await page.locator('.split-detail .verdict').waitFor();
    await page.goBack();
    await page.locator('.split-detail').waitFor({ state: 'detached' });
    await page.goForward();
    await page.locator('.split-detail').waitFor();
    await page.keyboard.press('Escape');
    await page.locator('.split-detail').waitFor({ state: 'detached' });
    expect(problems).toEqual([]);
    await page.context().close();
  });

  it('approves with the exact words on the button, at once, and undoes by cancelling the purchase', async () => {
    const answer = Promise.withResolvers<void>();
    desk.server.decisionsHeld = answer.promise;
    const { page } = await openPage(desk);
    await page.goto(`${desk.url}/#/opportunities?sort=profit`);
    await page.locator('.grid-row').first().click();
    const button = page.getByRole('button', { name: /^Approve \d+ for \$[\d,.]+/ });
    await button.waitFor();
    const id = (await page.locator('.grid-row[aria-selected=true]').getAttribute('id'))!;
    await button.click();
    // the row is gone while the engine has said nothing yet
    await page.locator(`#${id}`).waitFor({ state: 'detached' });
    answer.resolve();
    await page.getByText(/^Approved \d+ for/).waitFor();
    expect(desk.server.calls.filter((call) => call.startsWith('approve:'))).toHaveLength(1);
    await page.locator('.mantine-Notification-root').getByRole('button', { name: 'Undo' }).click();
    await page.getByText('The purchase was cancelled before it was placed.').waitFor();
    expect(desk.server.calls).toContain('cancel:pur_000007');
    await page.context().close();
  });

  it('skips with S, goes to the next row, and brings it back with U', async () => {
    const { page } = await openPage(desk);
    await go(desk, page, 'opportunities');
    await page.keyboard.press('j');
    const [skipped, next] = await ids(page);
    await page.keyboard.press('s');
    await page.locator(`#${skipped!}`).waitFor({ state: 'detached' });
    expect(await page.locator('.grid-row[aria-selected=true]').getAttribute('id')).toBe(next);
    await page.getByText(/^Skipped:/).waitFor();
    await page.keyboard.press('u');
    await page.locator(`#${skipped!}`).waitFor();
    expect(desk.server.calls).toEqual([`skip:${skipped!.slice(4)}`, `reopen:${skipped!.slice(4)}`]);
    await page.context().close();
  });

  it('approves from the list with A', async () => {
    const { page } = await openPage(desk);
    await go(desk, page, 'opportunities');
    await page.keyboard.press('j');
    const [id] = await ids(page);
    await page.keyboard.press('a');
    await page.locator(`#${id!}`).waitFor({ state: 'detached' });
    await page.getByText(/^Approved:/).waitFor();
    expect(desk.server.calls).toEqual([`approve:${id!.slice(4)}:`]);
    await page.context().close();
  });

  it('puts the row back and says why when a limit refuses', async () => {
    desk.server.refuseApproval = 'LIMIT';
    const { page } = await openPage(desk);
    await go(desk, page, 'opportunities');
    await page.keyboard.press('j');
    const [id] = await ids(page);
    await page.keyboard.press('a');
    await page.getByText('Your limits do not allow this purchase.').waitFor();
    await page.locator(`#${id!}`).waitFor();
    expect(await page.locator('.mantine-Notification-root').innerText()).toContain('Nothing was bought');
    await page.context().close();
  });

  it('acts on several: chosen by keys, approved once each after the sum was shown, skipped with one undo, compared with C', async () => {
    const { page, problems } = await openPage(desk);
    await go(desk, page, 'opportunities');
    for (const key of ['j', 'x', 'Shift+ArrowDown', 'Shift+ArrowDown', 'Shift+ArrowDown']) await page.keyboard.press(key);
    await page.getByText('4 chosen').waitFor();
    await page.keyboard.press('a');
    const dialog = page.getByRole('dialog');
    const approve = dialog.getByRole('button', { name: /^Approve 3 for up to \$/ });
    await approve.waitFor();
    expect(await dialog.innerText()).toContain('Left out: With $1,946.00 spent today');
    expect(await axe(page)).toEqual([]);
    expect(desk.server.calls.filter((call) => call.startsWith('approve:'))).toEqual([]);
    await approve.click();
    await page.getByText('3 approved, each by itself.').waitFor();
    expect(new Set(desk.server.calls.filter((call) => call.startsWith('approve:'))).size).toBe(3);
    await page.getByText('4 chosen').waitFor({ state: 'detached' });
    for (const key of ['j', 'x', 'Shift+ArrowDown']) await page.keyboard.press(key);
    await page.keyboard.press('s');
    await page.getByText('2 skipped.').waitFor();
    await page.keyboard.press('u');
    await expect.poll(() => desk.server.calls).toContain('reopenMany:2');
    for (const key of ['j', 'x', 'Shift+ArrowDown', 'c']) await page.keyboard.press(key);
    await page.getByRole('heading', { level: 1, name: 'Compare' }).waitFor();
    await page.locator('.price-chart .u-wrap').nth(1).waitFor();
    expect(await page.locator('.compare-table tbody').first().innerText()).toContain('What differs');
    expect(problems).toEqual([]);
    await page.context().close();
  });

  it('reads a chart by keys, remembers which series are shown, and copies a list where the clipboard is denied', async () => {
    const { page, problems } = await openPage(desk);
    await page.addInitScript(() => { Object.defineProperty(navigator, 'clipboard', { value: { writeText: () => Promise.reject(new DOMException('denied', 'NotAllowedError')) } }); });
    await go(desk, page, 'product');
    const offers = page.getByRole('button', { name: /^Offers/ });
    await offers.click();
    expect(await offers.getAttribute('aria-pressed')).toBe('false');
    await page.reload();
    await page.waitForSelector('.price-chart .u-wrap');
    expect(await page.getByRole('button', { name: /^Offers/ }).getAttribute('aria-pressed')).toBe('false');
    await page.getByRole('application').focus();
    const legend = page.locator('.chart-legend');
    await page.keyboard.press('Home');
    await expect.poll(() => legend.innerText()).toMatch(/Aug 2\d, 2026/);
    await page.keyboard.press('+');
    await page.keyboard.press('0');
    await page.keyboard.press('End');
    await expect.poll(() => legend.innerText()).toMatch(/Nov 20, 2026/);
    await go(desk, page, 'orders');
    await page.getByRole('button', { name: 'Columns and copy' }).first().click();
    const copied = page.evaluate(() => new Promise<string>((resolve) => document.addEventListener('copy', (event) => { resolve((event.target as HTMLTextAreaElement).value); }, { once: true })));
    await page.getByRole('menuitem', { name: /^Copy \d+ loaded rows/ }).click();
    expect((await copied).split('\n').length).toBeGreaterThan(50);
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('menuitem', { name: /as a CSV file$/ }).click()]);
    expect(download.suggestedFilename()).toBe('orders.csv');
    expect(problems).toEqual([]);
    await page.context().close();
  });

  it('narrows a list by keyboard to what reads as a sentence, holds it over a reload, and goes back', async () => {
    const { page, problems } = await openPage(desk);
    const focused = () => page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent ?? '');
    await page.goto(`${desk.url}/#/orders`);
    await page.waitForSelector('.grid-row');
    await page.keyboard.press('f');
    await expect.poll(() => page.evaluate(() => document.activeElement?.closest('[role="menu"]') !== null)).toBe(true);
    await page.keyboard.press('ArrowDown');
    await expect.poll(focused).toBe('Channel');
    await page.keyboard.press('ArrowRight');
    await expect.poll(focused).toMatch(/^eBay/);
    await page.keyboard.press('ArrowDown');
    await expect.poll(focused).toMatch(/^Amazon/);
    await page.keyboard.press('Enter');
    await expect.poll(focused).toBe('Channel: on Amazon. Change');
    await page.getByText('No order matches').waitFor();
    expect(page.url()).toContain('channel=amazon-us');
    await page.reload();
    await page.getByRole('button', { name: 'Channel: on Amazon. Change' }).waitFor();
    await page.getByText('No order matches').waitFor();
    await page.goBack();
    await page.waitForSelector('.grid-row');
    expect(await page.locator('.chips').innerText()).not.toContain('Amazon');
    expect(problems).toEqual([]);
    await page.context().close();
  });

  it('tells of new matches of a saved view where it is not looked at, counts them on Today, and counts them as seen once looked at', async () => {
    const { page, problems } = await openPage(desk);
    await page.addInitScript(() => {
      const told: string[] = [];
      const shown: EventTarget[] = [];
      class Told extends EventTarget { static permission = 'granted'; static requestPermission = () => Promise.resolve('granted'); constructor(title: string) { super(); told.push(title); shown.push(this); } close(): void {} }
      Object.assign(window, { told, shown, Notification: Told });
    });
    await page.goto(`${desk.url}/#/opportunities?profit=500`);
    await page.waitForSelector('.grid-row');
    await page.getByRole('button', { name: 'Views' }).click();
    await page.getByRole('menuitem', { name: 'Save these filters as a view' }).click();
    await page.getByLabel('Name').fill('Good ones');
    await page.getByLabel('Tell me of new matches').check();
    await page.getByRole('button', { name: 'Save the view' }).click();
    await page.getByText('You will be told of new matches of Good ones.').waitFor();
    await page.goto(`${desk.url}/#/stock`);
    desk.server.alerts.match(3);
    desk.server.announce('alert.matched', 'viw_0');
    await expect.poll(() => page.evaluate(() => (window as unknown as { told: string[] }).told), { timeout: 8_000 }).toEqual(['3 new matches: Good ones']);
    await page.goto(`${desk.url}/#/`);
    await page.locator('.need', { hasText: 'Good ones' }).getByRole('link', { name: 'Look' }).click();
    await page.getByRole('heading', { level: 1, name: 'Opportunities' }).waitFor();
    await expect.poll(() => desk.server.calls, { timeout: 8_000 }).toContain('look:viw_0');
    expect(page.url()).toContain('profit=500');
    expect(desk.server.alerts.list()).toMatchObject([{ unseen: 0, untold: 0 }]);
    // what has come to wait for a person's consent, while the window is not in front; a click leads there
    await page.evaluate(() => { document.hasFocus = () => false; });
    desk.server.waitsForSecond = true;
    desk.server.announce('purchase.awaiting-second', 'pur_000007');
    await expect.poll(() => page.evaluate(() => (window as unknown as { told: string[] }).told.slice(1)), { timeout: 8_000 }).toEqual(["Waits for a second person's approval"]);
    await page.evaluate(() => (window as unknown as { shown: EventTarget[] }).shown.at(-1)!.dispatchEvent(new Event('click')));
    await page.getByRole('heading', { level: 1, name: 'Approvals' }).waitFor();
    expect(page.url()).toContain('second');
    expect(problems).toEqual([]);
    await page.context().close();
  });

  it('filters by sentence, sorts, remembers, and saves a view', async () => {
    const { page } = await openPage(desk);
    await go(desk, page, 'opportunities');
    await page.getByRole('button', { name: /Decision: to buy/ }).click();
    await page.getByRole('menuitem', { name: /to negotiate/ }).click();
    await page.getByRole('button', { name: 'Filter', exact: true }).click();
    await page.getByRole('menuitem', { name: 'Days to sell' }).hover();
    await page.getByRole('menuitem', { name: 'sold within 30 days' }).click();
    await page.waitForFunction(() => window.location.hash.includes('days=30'));
    await page.getByRole('button', { name: 'Remove the filter Days to sell' }).click();
    await page.getByRole('button', { name: /Decision: to negotiate/ }).waitFor();
    await page.getByRole('button', { name: 'Profit each' }).click();
    await page.waitForFunction(() => window.location.hash.includes('sort=profit') && window.location.hash.includes('decision=negotiate'));
    await page.getByRole('button', { name: 'Views' }).click();
    await page.getByRole('menuitem', { name: 'Save these filters as a view' }).click();
    await page.getByLabel('Name').fill('Haggle');
    await page.getByRole('button', { name: 'Save the view' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.getByRole('link', { name: 'Today' }).click();
    await page.waitForSelector('.need');
    await page.getByRole('link', { name: 'Opportunities' }).first().click();
    await page.getByRole('button', { name: /Decision: to negotiate/ }).waitFor();
    await page.getByRole('button', { name: /Decision: to negotiate/ }).click();
    await page.getByRole('menuitem', { name: /to buy/ }).click();
    await page.waitForFunction(() => !window.location.hash.includes('decision'));
    await page.getByRole('button', { name: 'Views' }).click();
    await page.getByRole('menuitem', { name: 'Haggle' }).click();
    await page.waitForFunction(() => window.location.hash.includes('decision=negotiate'));
    await page.keyboard.press('/');
    await page.keyboard.type('backpack');
    await page.waitForFunction(() => window.location.hash.includes('q=backpack'));
    await page.waitForFunction(() => [...document.querySelectorAll('.grid-row')].every((row) => row.textContent?.includes('backpack')));
    await page.context().close();
  });

  it('hides and reorders columns, and keeps that', async () => {
    const { page } = await openPage(desk);
    await go(desk, page, 'opportunities');
    await page.getByRole('button', { name: 'Columns and copy' }).click();
    await page.getByRole('checkbox', { name: 'Unit cost' }).uncheck();
    await page.getByRole('button', { name: 'Move Profit each later' }).click();
    await page.reload();
    await page.waitForSelector('.grid-row');
    const heads = await page.getByRole('columnheader').allInnerTexts();
    expect(heads).not.toContain('Unit cost');
    expect(heads.indexOf('Range')).toBeLessThan(heads.indexOf('Profit each'));
    await page.context().close();
  });

  it('finds pages, commands and products in the palette', async () => {
    const { page } = await openPage(desk);
    await go(desk, page, 'today');
    await page.keyboard.press('Control+k');
    await page.getByPlaceholder(/Go to a page/).fill('ledger');
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => window.location.hash.startsWith('#/ledger'));
    await page.keyboard.press('Control+k');
    await page.getByPlaceholder(/Go to a page/).fill('backpack');
    await page.locator('.mantine-Spotlight-action').filter({ hasText: 'Osprey Trekking backpack' }).first().waitFor();
    expect(await axe(page)).toEqual([]);
    await shoot(page, 'palette');
    await page.context().close();
  });

  it('lists the keys of the page with ?', async () => {
    const { page } = await openPage(desk);
    await go(desk, page, 'opportunities');
    await page.keyboard.press('?');
    const dialog = page.getByRole('dialog');
    await dialog.waitFor();
    const text = await dialog.innerText();
    for (const words of ['Next row', 'Approve', 'Skip', 'Search this list', 'Search everything']) expect(text).toContain(words);
    expect(await axe(page)).toEqual([]);
    await page.context().close();
  });

  it('stops everything with one click, shows it, and asks with what waits before it goes on', async () => {
    const { page } = await openPage(desk);
    await go(desk, page, 'today');
    await page.getByRole('button', { name: 'Stop all' }).click();
    await page.locator('.banner').waitFor();
    expect(desk.server.killSwitch).toBe(true);
    await shoot(page, 'stopped');
    await page.getByRole('button', { name: 'Allow again' }).click();
    await page.getByText('2 purchases go on').waitFor();
    expect(await axe(page)).toEqual([]);
    expect(desk.server.killSwitch).toBe(true);
    await page.getByRole('button', { name: 'Allow outgoing actions' }).click();
    await page.locator('.banner').waitFor({ state: 'detached' });
    expect(desk.server.killSwitch).toBe(false);
    await page.keyboard.press('Control+.');
    await page.locator('.banner').waitFor();
    expect(desk.server.killSwitch).toBe(true);
    await page.context().close();
  });

  it('decides what waits by keyboard, with the figures before and after', async () => {
    const { page, problems } = await openPage(desk);
    await go(desk, page, 'approvals');
    expect(await page.locator('.inbox-item').count()).toBe(8);
    expect(await page.locator('.inbox-drift').first().innerText()).toContain('$13.27');
    await page.keyboard.press('a');
    await page.waitForFunction(() => document.querySelectorAll('.inbox-item').length === 7);
    await page.keyboard.press('a');
    await page.keyboard.press('j');
    await page.keyboard.press('s');
    await page.waitForFunction(() => document.querySelectorAll('.inbox-item').length === 6);
    expect(desk.server.calls.filter((call) => call.startsWith('decide:'))).toEqual(['decide:second:pur_000000:approve', 'decide:again:pur_000002:refuse']);
    expect(problems).toEqual([]);
    await page.context().close();
  });

  it('never shows a stored secret, and sends only what was typed', async () => {
    const { page } = await openPage(desk);
    await go(desk, page, 'settings-connections');
    const field = page.getByLabel('API key');
    expect(await field.inputValue()).toBe('');
    await field.fill('new-key');
    await page.getByRole('button', { name: 'Store and check Keepa' }).click();
    await page.getByText('Keepa answers: connected.').waitFor();
    expect(await field.inputValue()).toBe('');
    expect(desk.server.calls).toEqual(['setConnection:key']);
    await page.context().close();
  });

  it('takes a price list by file to the price lists, whatever its size', async () => {
    const { page } = await openPage(desk);
    await go(desk, page, 'sources');
    await page.locator('input[type=file]').setInputFiles({ name: 'list.csv', mimeType: 'text/csv', buffer: Buffer.alloc(800_000, 'x') });
    await page.waitForFunction(() => location.hash.includes('/price-lists'));
    expect(desk.server.calls.slice(0, 3)).toEqual(['begin:list.csv:800000', 'append:0', 'append:524288']);
    await page.context().close();
  });

  it('saves limits exactly and refuses what is no amount', async () => {
    const { page } = await openPage(desk);
    await go(desk, page, 'settings-limits');
    const field = page.getByLabel('For one purchase');
    await field.fill('12.345');
    expect(await page.getByRole('button', { name: 'Save the limits' }).isEnabled()).toBe(false);
    await field.fill('99.95');
    await page.getByRole('button', { name: 'Save the limits' }).click();
    await page.getByText('Saved.', { exact: true }).waitFor();
    expect(desk.server.calls).toEqual(['setLimits']);
    await page.context().close();
  });

  it('hands an order to the person where the desk cannot order: told before approving, from Today to the recorded order', async () => {
    const { page, problems } = await openPage(desk);
    await page.goto(`${desk.url}/#/opportunities?sort=profit&source=src_1`);
    await page.locator('.grid-row').first().click();
    await page.getByRole('button', { name: /^Approve \d+ for \$[\d,.]+, order by hand/ }).waitFor();
    await page.getByText(/^The desk cannot order at .* by itself/).waitFor();
    await shoot(page, 'approve-by-hand');
    await go(desk, page, 'today');
    await shoot(page, 'today-by-hand');
    await page.locator('.need').filter({ hasText: 'and pay at most' }).getByRole('link', { name: 'Order it' }).click();
    const link = page.getByRole('link', { name: 'Open the offer' });
    await link.waitFor();
    expect(await link.getAttribute('href')).toBe('https://shop.example/p/1');
    expect(await axe(page)).toEqual([]);
    await shoot(page, 'purchase-by-hand');
    await page.getByRole('button', { name: 'Order in the browser' }).click();
    await page.getByText(/^The checkout is filled in/).waitFor();
    await page.getByText('Left to you: Card number.').waitFor();
    expect(await axe(page)).toEqual([]);
    await shoot(page, 'purchase-assisted');
    // at a wall the desk goes on by itself, and is asked to elsewhere
    const beforePay = desk.server.assisted;
    desk.server.assisted = { ...beforePay, total: null, missing: [], stopped: 'login' };
    await page.reload();
    await page.getByRole('button', { name: 'Continue filling in' }).click();
    await expect.poll(() => desk.server.calls.filter((one) => one.startsWith('assist-go-on:')).length).toBe(1);
    await page.getByText(/the desk then goes on by itself/).waitFor();
    await shoot(page, 'purchase-at-a-wall');
    // its window is gone: nothing can be begun or given up before the person has answered
    desk.server.assisted = { ...beforePay, state: 'asks' };
    await page.reload();
    await page.getByText(/^Was the order placed\?/).waitFor();
    expect([await page.getByRole('button', { name: 'Order in the browser' }).count(), await page.getByRole('button', { name: 'Cancel the purchase' }).count()]).toEqual([0, 0]);
    await shoot(page, 'purchase-asked');
    await page.getByRole('button', { name: 'No, nothing was ordered' }).click();
    await page.getByRole('button', { name: 'Order in the browser' }).waitFor();
    await page.getByRole('button', { name: 'Record the order' }).click();
    const dialog = page.getByRole('dialog');
    const paid = dialog.getByLabel('Paid in all');
    const shown = Number(await paid.inputValue());
    expect(shown).toBeGreaterThan(0);
    const action = dialog.getByRole('button', { name: /^Record \$/ });
    await action.click();
    await dialog.getByText('Without it the order cannot be found again').waitFor();
    expect(desk.server.calls.filter((call) => call.startsWith('record:'))).toEqual([]);
    await dialog.getByLabel('Order number of the shop').fill(' HW-1187 ');
    await paid.fill('0');
    await dialog.getByText('What was paid is more than nothing').waitFor();
    await paid.fill('');
    await paid.pressSequentially(String((shown * 1.5).toFixed(2)));
    await dialog.getByText(/^That is more than the \$/).waitFor();
    expect(await axe(page)).toEqual([]);
    await shoot(page, 'record-order');
    desk.server.refuseRecord = 'the shop is paid in EUR';
    await action.click();
    await dialog.getByText('the shop is paid in EUR').waitFor();
    desk.server.refuseRecord = null;
    await action.click();
    await page.getByText('The order is recorded. Receive the goods when they arrive.').waitFor();
    await page.getByRole('button', { name: 'Receive the goods' }).waitFor();
    expect(desk.server.calls.filter((call) => call.startsWith('record:')).at(-1)).toBe(`record:pur_000009:HW-1187:${Math.round(Number((shown * 1.5).toFixed(2)) * 100)}:`);
    expect(problems).toEqual([]);
    await page.context().close();
  });

  it('refetches what a live event is about', async () => {
    const { page } = await openPage(desk);
    await go(desk, page, 'today');
    const refetched = page.waitForRequest(/rpc\/system\/today/);
    desk.server.announce('purchase.confirmed', 'pur_000001');
    await refetched;
    await page.context().close();
  });
});

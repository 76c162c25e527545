/// <reference lib="dom" />
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { axe, openDesk, openPage, type Desk } from './desk.ts';
import { chromiumFound } from './harness.ts';

describe.skipIf(!chromiumFound)('buying again and counting', () => {
  let desk: Desk;
  beforeAll(async () => { desk = await openDesk(50); }, 120_000);
  beforeEach(() => desk.server.reset());
  afterAll(async () => desk?.close());
  const calls = () => desk.server.calls.filter((call) => /^(?:purchaseOrders|stockCounts)\./.test(call));

  it('drafts orders from chosen rows by keys alone, says one is sent, and books its goods in', async () => {
    const { page, problems } = await openPage(desk);
    await page.goto(`${desk.url}/#/reorder`);
    await page.waitForSelector('.grid-row');
    for (const key of ['j', 'x', 'j', 'x', 'o']) await page.keyboard.press(key);
    await page.waitForSelector('.reorder-line');
    expect(await axe(page)).toEqual([]);
    await page.getByRole('button', { name: /Write \d drafts?/ }).click();
    await page.getByRole('button', { name: 'See it' }).waitFor();
    expect(calls().every((call) => call.startsWith('purchaseOrders.create'))).toBe(true);
    expect(calls().reduce((sum, call) => sum + Number(call.split(' ').at(-1)), 0)).toBe(2);
    await page.goto(`${desk.url}/#/purchase-orders?open=pod_000900`);
    await page.getByRole('button', { name: 'It is sent' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'It is sent' }).click();
    await page.getByRole('button', { name: 'Receive goods' }).click();
    await page.waitForSelector('.po-receive');
    // one article has no price that it is known to sell for: nothing is booked before it is said
    expect(await page.getByRole('button', { name: 'Book the goods in' }).isDisabled()).toBe(true);
    await page.getByRole('textbox', { name: 'Sells for, a unit' }).nth(2).fill('40');
    await page.getByRole('button', { name: 'Book the goods in' }).click();
    await page.getByText('The goods are in stock and in the books.').waitFor();
    expect(calls().slice(-2)).toEqual(['purchaseOrders.markSent', 'purchaseOrders.receive 6+12+18']);
    // Escape in a dialog closes the dialog, and leaves the order open
    await page.getByRole('button', { name: 'Record a payment' }).click();
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(page.url()).toContain('open=pod_000900');
    await page.context().close();
    expect(problems).toEqual([]);
  });

  it('makes a sheet of a place, takes numbers from key to key, and holds up what has no reason', async () => {
    const { page, problems } = await openPage(desk);
    for (const view of ['costs', 'places']) {
      await page.goto(`${desk.url}/#/counts?view=${view}`);
      await page.waitForSelector('.page-inner .plain-table');
      expect(await axe(page)).toEqual([]);
    }
    await page.getByRole('button', { name: 'Count main, New' }).click();
    await page.getByRole('button', { name: 'Make the sheet' }).click();
    await page.waitForSelector('.count-sheet');
    const fields = page.locator('.count-sheet input[data-counted]');
    const before = await fields.nth(9).inputValue();
    expect(before).toBe('');
    await fields.nth(9).fill('900');
    await fields.nth(9).press('Enter');
    await page.waitForFunction(() => document.activeElement?.hasAttribute('data-counted'));
    expect(await fields.nth(10).evaluate((field) => field === document.activeElement)).toBe(true);
    await page.getByText(/differences have no reason yet/).waitFor();
    expect(await page.getByRole('button', { name: 'Book the differences' }).isDisabled()).toBe(true);
    expect(calls()).toEqual(['stockCounts.record 1']);
    await page.context().close();
    expect(problems).toEqual([]);
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { axe, openDesk, openPage, overflow, shoot, type Desk } from './desk.ts';
import { chromiumFound } from './harness.ts';

describe.skipIf(!chromiumFound)('price lists', () => {
  let desk: Desk;
  beforeAll(async () => {
    desk = await openDesk(50);
  }, 120_000);
  afterAll(() => desk.close());

  it('takes a list from the file to its results and its export', async () => {
    const { page, problems } = await openPage(desk);
    const { priceLists, calls } = desk.server;
    priceLists.listed = false;
    await page.goto(`${desk.url}/#/price-lists`);
    await page.getByRole('heading', { name: 'No price list yet' }).waitFor();
    expect(await axe(page)).toEqual([]);
    await page.locator('input[type=file]').setInputFiles({ name: 'harbor-november.csv', mimeType: 'text/csv', buffer: Buffer.alloc(600_000, 'EAN,Title,Cost\n') });
    await page.getByText('Read as you left the last list of Harbor Wholesale').waitFor();
    expect(calls.filter((call) => call.startsWith('begin') || call.startsWith('append') || call.startsWith('open'))).toEqual(['begin:harbor-november.csv:600000', 'append:0', 'append:524288', 'open:harbor-november.csv']);
    await page.getByText('a spreadsheet cut its last digits off').waitFor();
    expect([await axe(page), await overflow(page)]).toEqual([[], 0]);
    await shoot(page, 'price-lists-columns');

    await page.getByRole('combobox', { name: 'What Remark holds' }).click();
    await page.getByRole('option', { name: 'MAP' }).click();
    await page.getByRole('button', { name: /Read about 200,000 rows/ }).click();
    await page.getByRole('heading', { name: 'The rest' }).waitFor();
    expect(calls.find((call) => call.startsWith('correct:'))).toBe('correct:id,title,brand,cost,case,quantity,retail,map');
    await page.getByText(/At most 77,120 codes to ask Keepa about: 77,120 tokens in 772 calls/).waitFor();
    expect(await axe(page)).toEqual([]);
    await shoot(page, 'price-lists-pass');

    await page.getByRole('button', { name: 'Ask about the best rows' }).click();
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByRole('button', { name: 'Go on' }).waitFor();
    await page.getByText('40 of 196,314 rows were asked about; 13 of them earn.').waitFor();

    await page.getByRole('button', { name: /^Show Codes mended/ }).click();
    await page.locator('.grid-row').first().waitFor();
    expect(calls).toContain('rows:repaired:profit');
    expect([await axe(page), await overflow(page)]).toEqual([[], 0]);
    await shoot(page, 'price-lists-results');
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Export XLSX' }).click()]);
    expect(download.suggestedFilename()).toBe('harbor-november-repaired.xlsx');
    // A reload comes back to the same rows.
    await page.reload();
    await page.locator('.grid-row').first().waitFor();
    expect(await page.locator('.chip').first().textContent()).toContain('Mended');
    expect(problems).toEqual([]);
    await page.context().close();
  }, 60_000);

  it('says what failed, what it could not read, and that no vendor is connected', async () => {
    const { page, problems } = await openPage(desk, { scheme: 'dark', width: 1920 });
    const { priceLists } = desk.server;
    priceLists.connected = false;
    priceLists.at('paused', { error: 'the key was refused' });
    await page.goto(`${desk.url}/#/price-lists?id=prl_1`);
    await page.getByText('the key was refused').waitFor();
    await page.getByText('No data vendor is connected').waitFor();
    expect(await page.getByRole('button', { name: 'Go on' }).isDisabled()).toBe(true);
    expect(await axe(page)).toEqual([]);
    await shoot(page, 'price-lists-paused-dark');
    await page.goto(`${desk.url}/#/price-lists?id=prl_1&step=results&filter=bad`);
    await page.getByText('it holds no amount').first().waitFor();
    expect(await axe(page)).toEqual([]);
    priceLists.at('columns', { error: 'harbor-november.csv holds a header and no rows', missing: [] });
    await page.goto(`${desk.url}/#/price-lists?id=prl_1&step=columns`);
    await page.reload();
    await page.getByText('holds a header and no rows').waitFor();
    await shoot(page, 'price-lists-failed-dark');
    desk.server.mode = 'failing';
    await page.goto(`${desk.url}/#/price-lists`);
    await page.reload();
    await page.getByRole('alert').first().waitFor();
    desk.server.mode = 'full';
    expect(problems).toEqual([]);
    await page.context().close();
  }, 60_000);
});

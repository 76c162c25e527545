/// <reference lib="dom" />
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { axe, go, openDesk, openPage, shoot, type Desk } from './desk.ts';
import { chromiumFound } from './harness.ts';

describe.skipIf(!chromiumFound)('sources', () => {
  let desk: Desk;
  beforeAll(async () => { desk = await openDesk(200); });
  beforeEach(() => desk.server.reset());
  afterAll(async () => desk?.close());

  it('adds a site by its address: looks, shows what was found, and adds it as proposed', async () => {
    const { page, problems } = await openPage(desk);
    await go(desk, page, 'sources');
    await page.getByRole('button', { name: 'Add a source' }).first().click();
    const field = page.getByLabel('Address');
    await field.fill('harbor.example/shop');
    await field.press('Enter');
    await page.getByText('Shopify shop: ready to be added').waitFor();
    expect(await page.getByText('Cordless drill 1').count()).toBe(1);
    expect(await page.getByRole('dialog').locator('.coverage li').count()).toBe(7);
    expect(await page.getByText(/^Seldom given: Product codes/).count()).toBe(1);
    expect(await page.getByRole('dialog').getByLabel('Name').inputValue()).toBe('Harbor Supply');
    expect(await axe(page)).toEqual([]);
    await shoot(page, 'add-source-found');
    await page.getByRole('button', { name: 'Add the source' }).click();
    await page.getByText('Harbor Supply is added. Run it to see what it offers.').waitFor();
    expect(desk.server.calls).toEqual(['detect:https://harbor.example/shop']);
    expect(problems).toEqual([]);
    await page.context().close();
  });

  it('says why a site cannot be read, and still lets it be added by hand', async () => {
    const { page } = await openPage(desk);
    await go(desk, page, 'sources');
    await page.getByRole('button', { name: 'Add a source' }).first().click();
    await page.getByLabel('Address').fill('https://nothing.example');
    await page.getByRole('button', { name: 'Look at it' }).click();
    await page.getByText('It cannot be read as it is').waitFor();
    expect(await page.getByText('Nothing was found that can be read.').count()).toBe(1);
    expect(await page.getByRole('button', { name: 'Add it anyway' }).isEnabled()).toBe(true);
    expect(await axe(page)).toEqual([]);
    await page.getByLabel('Address').fill('not an address');
    expect(await page.getByText('It cannot be read as it is').count()).toBe(0);
    await page.context().close();
  });

  it('shows a field that vanished, what the site permits, and the page that a run failed at as text', async () => {
    const { page, problems } = await openPage(desk);
    await go(desk, page, 'sources');
    await page.getByText('Vanished: Product codes.').waitFor();
    expect(await page.getByText('Reading: by the desk · Buying: by hand').count()).toBe(1);
    await page.getByRole('button', { name: 'Show the page that it failed at' }).click();
    expect(await page.locator('.error-page').innerText()).toContain('<body>Service unavailable</body>');
    expect(await axe(page)).toEqual([]);
    await shoot(page, 'source-health');
    await page.getByRole('button', { name: 'Remove the source' }).click();
    await page.getByRole('dialog').getByText(/open opportunities go/).waitFor();
    expect(await axe(page)).toEqual([]);
    await page.getByRole('dialog').getByRole('button', { name: 'Remove the source' }).click();
    await page.getByText('Harbor Wholesale is off the desk.').waitFor();
    expect(desk.server.calls).toContain('removeSource:src_1');
    expect(problems).toEqual([]);
    await page.context().close();
  });
});

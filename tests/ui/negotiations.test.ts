/// <reference lib="dom" />
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { axe, openDesk, openPage, type Desk } from './desk.ts';
import { chromiumFound } from './harness.ts';

describe.skipIf(!chromiumFound)('negotiations in the desk', () => {
  let desk: Desk;
  beforeAll(async () => { desk = await openDesk(50); });
  beforeEach(() => desk.server.reset());
  afterAll(async () => desk?.close());

  it('begins from an opportunity, corrects a reading with a click, lets an edited draft go, and takes over by key', async () => {
    const { page, problems } = await openPage(desk);
    await page.goto(`${desk.url}/#/opportunities?open=opp_000003`);
    await page.getByRole('link', { name: 'Negotiate' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Write to the seller by').click();
    await page.getByRole('option', { name: 'SMS' }).click();
    expect(await dialog.getByRole('button', { name: 'Approve the ceiling and begin' }).isDisabled()).toBe(true);
    await dialog.getByLabel("The seller's phone number, with its country").fill('+213 555 12 34 56');
    await dialog.getByLabel('Your ceiling').fill('170');
    expect(await dialog.getByText('Above this the limits are not met').isVisible()).toBe(true);
    await dialog.getByLabel('Your ceiling').fill('160');
    expect(await axe(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Approve the ceiling and begin' }).click();
    await page.waitForFunction(() => location.hash.includes('open=neg_000000'));
    expect(desk.server.calls).toContain('start-talk:sms:+213 555 12 34 56:16000:true');

    await page.goto(`${desk.url}/#/negotiations?open=neg_000001`);
    await page.getByRole('button', { name: 'It means something else' }).click();
    await page.getByRole('textbox', { name: 'Price' }).fill('165');
    await page.getByRole('button', { name: 'Decide anew' }).click();
    await page.waitForFunction(() => document.querySelector('.detail')?.textContent?.includes('Deciding'));
    expect(desk.server.calls).toContain('correct:counter:16500:neg_000001');
    await page.getByLabel('Text that waits for your word').fill('Merci. 148 USD ? Practice Reseller');
    await page.getByRole('button', { name: 'Send it' }).click();
    await expect.poll(() => desk.server.calls).toContain('release:Merci. 148 USD ? Practice Reseller:neg_000001');
    await page.locator('.detail-body').focus();
    await page.keyboard.press('t');
    await page.getByRole('button', { name: 'Hand back' }).waitFor();
    expect(desk.server.calls).toContain('take-over:neg_000001');
    expect(problems).toEqual([]);
    await page.context().close();
  });
});

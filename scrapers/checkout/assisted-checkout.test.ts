import { expect, it } from 'vitest';
import { silentLogger } from '#kernel/log.ts';
import { createAssistedCheckout, type BrowserWindow } from './assisted-checkout.ts';

const REQUEST = { purchaseId: 'pur_1', url: 'https://shop.example/p/1', quantity: 1, currency: 'USD', shipTo: { firstName: 'A', lastName: 'B', line1: '1 Main Street', line2: '', city: 'Portland', state: 'OR', postcode: '97201', country: 'US', phone: '+15035550100', email: 'a@example.com' } };

it('stands as open while its browser starts, and what is called off meanwhile leaves no window behind that nobody watches', async () => {
  const starting = Promise.withResolvers<BrowserWindow>();
  const done: string[] = [];
  const browser: BrowserWindow = { newContext: () => Promise.reject(new Error('nothing is opened in it')), contexts: () => [], isConnected: () => !done.includes('closed'), close: () => Promise.resolve(void done.push('closed')) };
  const assist = createAssistedCheckout({ log: silentLogger, supports: () => true, launch: () => starting.promise });
  const opened = assist.open(REQUEST);
  expect(assist.isOpen(REQUEST.purchaseId)).toBe(true);
  await assist.show(REQUEST.purchaseId);
  await assist.dismiss(REQUEST.purchaseId);
  expect(assist.isOpen(REQUEST.purchaseId)).toBe(false);
  starting.resolve(browser);
  expect([await opened, done, assist.isOpen(REQUEST.purchaseId)]).toEqual([null, ['closed'], false]);
  expect(await assist.confirmation(REQUEST.purchaseId, { mayGoOn: () => Promise.resolve(true), wentOn: () => Promise.resolve() })).toBe('gave-up');
});

/** The controls of language models, as the window calls them, over the composed desk and the practice market's own models. */
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { composeApp, type App, type DeskClient } from '#app/compose.ts';
import { memorySecrets } from '#app/hosting/memory-secrets.ts';
import { createInProcessClient } from '#app/transports/in-process.ts';
import type { contract } from '#contract/index.ts';
import { silentLogger } from '#kernel/log.ts';
import { seededRandom } from '#kernel/random.ts';
import { ManualClock } from '#kernel/time.ts';
import { PRACTICE_CREDENTIALS } from '#practice/credentials.ts';
import { createAiVendor, type AiVendor } from '#practice/vendors/ai/index.ts';
import { createWorld, type World } from '#practice/world/index.ts';

const dir = mkdtempSync(path.join(os.tmpdir(), 'assistant-'));
const clock = new ManualClock(Date.UTC(2026, 10, 21));
let world: World;
let vendor: AiVendor;
let app: App;
let desk: DeskClient;

beforeAll(async () => {
  world = createWorld({ seed: 5, clock, productCount: 1_000 });
  vendor = createAiVendor(world);
  await vendor.start();
  app = await composeApp({
    version: '0', dataDir: dir, rootDir: path.resolve('.'), clock, random: seededRandom('assistant'), log: silentLogger, secrets: memorySecrets(), disposable: true,
    practice: { seed: 5, speed: 0, baseUrls: { ai: vendor.baseUrl }, keys: PRACTICE_CREDENTIALS, sources: [] },
  });
  desk = createInProcessClient<typeof contract>(app);
});
afterAll(async () => {
  await app?.stop();
  await vendor.close();
  world.close();
  rmSync(dir, { recursive: true, force: true });
});

describe('language models in the practice market', () => {
  it('are off at first, and ready once one is chosen: the practice models answer both protocols', async () => {
    expect(await desk.assistant.status()).toMatchObject({ state: 'off', model: null, today: { spentMicro: 0 } });
    for (const provider of ['openai', 'anthropic'] as const) {
      const { value, version } = await desk.assistant.settings();
      await desk.assistant.setSettings({ value: { ...value, provider }, version });
      expect(await desk.assistant.status()).toMatchObject({ state: 'ready', provider, price: { version: 'ai-prices@2026-11-21' } });
      expect(await desk.settings.checkConnection({ id: provider })).toMatchObject({ state: 'practice', lastError: null });
    }
  });

  it('refuse a budget in another currency, a server over plain http elsewhere, and a change on an old version', async () => {
    const { value, version } = await desk.assistant.settings();
    await expect(desk.assistant.setSettings({ value: { ...value, budgetPerDay: { minor: 100, currency: 'EUR' } }, version })).rejects.toMatchObject({ code: 'INVALID' });
    await expect(desk.assistant.setSettings({ value: { ...value, baseUrl: 'http://models.example/v1' }, version })).rejects.toMatchObject({ code: 'INVALID' });
    await expect(desk.assistant.setSettings({ value, version: version - 1 })).rejects.toMatchObject({ code: 'CONFLICT' });
  });

  it('word a talk’s move, on record, paid once; the plan of an empty desk is empty', async () => {
    const move = { kind: 'counter', language: 'en', amount: '45 USD', item: 'your item', template: 'Thank you. I can offer 45 USD.' } as const;
    const [first, second] = [await app.parts.negotiation.phrases.phrase(move), await app.parts.negotiation.phrases.phrase(move)];
    expect(first).toBe(second);
    const { items } = await desk.assistant.calls({});
    expect(items.map((call) => call.outcome)).toEqual(['cached', 'answered']);
    expect(await desk.assistant.replay({ id: items[0]!.id, mode: 'live' })).toMatchObject({ whole: true, differences: [] });
    expect((await desk.assistant.status()).today).toMatchObject({ asked: 2, cached: 1 });
    expect(await desk.capital.plan({})).toMatchObject({ lines: [], open: 0, cash: { onHand: { minor: 1_000_000 } } });
  });
});

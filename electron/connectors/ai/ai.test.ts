import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { LanguageModelPort } from '#engine/assistant/ports.ts';
import { seededRandom } from '#kernel/random.ts';
import { ManualClock } from '#kernel/time.ts';
import { createAiVendor, PRACTICE_AI_KEY, type AiVendor } from '#practice/vendors/ai/index.ts';
import { createWorld, type World } from '#practice/world/index.ts';
import { createAnthropic } from './anthropic/index.ts';
import { createOpenAi } from './openai/index.ts';
import { classifyFailure } from './try-again.ts';

const schema = { type: 'object', properties: { verdict: { type: 'string', enum: ['yes', 'no'] } }, required: ['verdict'], additionalProperties: false };
const request = { model: 'gpt-4.1-mini', instructions: 'Judge.', data: '<data-00>\n{"a":1}\n</data-00>', schema, schemaName: 'test-1', maxOutputTokens: 100, timeoutMs: 3_000 };

describe.each(['openai', 'anthropic'] as const)('%s through its SDK', (vendor) => {
  const clock = new ManualClock(Date.UTC(2026, 10, 21));
  let world: World;
  let server: AiVendor;
  const make = (key = PRACTICE_AI_KEY): LanguageModelPort => {
    const options = { clock, random: seededRandom(1), credentials: async () => ({ key }) };
    return vendor === 'openai' ? createOpenAi({ ...options, baseUrl: `${server.baseUrl}/v1` }) : createAnthropic({ ...options, baseUrl: server.baseUrl });
  };
  beforeAll(async () => {
    world = createWorld({ seed: 3, clock, productCount: 1_000 });
    server = createAiVendor(world, { lateMs: 300 });
    await server.start();
  });
  beforeEach(() => server.behave('well'));
  afterAll(async () => {
    await server.close();
    world.close();
  });

  it('asks with the schema, and counts tokens', async () => {
    const answer = await make().complete(request);
    expect(answer).toMatchObject({ outcome: 'answered', text: '{"verdict":"yes"}', model: 'gpt-4.1-mini-practice', usageEstimated: false });
    expect(answer.usage.inputTokens).toBeGreaterThan(5);
    expect(JSON.stringify(server.asked.at(-1))).toContain('"json_schema"');
    await make().check();
  });

  it('tells a refusal and a half answer from an answer', async () => {
    server.behave('refuse');
    expect(await make().complete(request)).toMatchObject({ outcome: 'refused' });
    server.behave('half');
    expect(await make().complete(request)).toMatchObject({ outcome: 'cut-off' });
  });

  it('waits as the server says and tries again; with no time left it does not wait', async () => {
    server.behave('rate-limit');
    const before = server.counts().byStatus['429'] ?? 0;
    expect(await make().complete(request)).toMatchObject({ outcome: 'answered' });
    expect((server.counts().byStatus['429'] ?? 0) - before).toBe(2);
    await expect(make().complete({ ...request, timeoutMs: 10 })).rejects.toMatchObject({ detail: { kind: expect.stringMatching(/Throttled|Retryable/) } });
  });

  it('gives up in time', async () => {
    server.behave('late');
    await expect(make().complete({ ...request, timeoutMs: 100 })).rejects.toMatchObject({ detail: { kind: 'Retryable', message: expect.stringContaining('in time') } });
  });

  it('does not try again what a retry cannot mend: a wrong key, an empty account', async () => {
    const before = server.counts().total;
    await expect(make('wrong').complete(request)).rejects.toMatchObject({ detail: { kind: 'SessionLost', httpStatus: 401 } });
    server.behave('no-money');
    await expect(make().complete(request)).rejects.toMatchObject({ detail: { kind: 'Rejected' } });
    expect(server.counts().total - before).toBe(2);
    const error: unknown = await make('wrong').check().catch((cause: unknown) => cause);
    expect(String(error)).not.toContain('wrong');
  });

  it('says that nobody is there', async () => {
    const options = { clock, random: seededRandom(1), credentials: async () => ({ key: 'x' }), baseUrl: 'http://127.0.0.1:1' };
    await expect((vendor === 'openai' ? createOpenAi(options) : createAnthropic(options)).complete({ ...request, timeoutMs: 500 })).rejects.toMatchObject({ detail: { kind: 'Retryable', message: 'cannot be reached' } });
  });
});

const kind = (over: object) => classifyFailure({ status: 500, code: undefined, message: '', headers: undefined, timedOut: false, unreachable: false, ...over }, { connector: 'x', operation: 'ask', now: 0 }, null).detail;

describe('classifyFailure', () => {
  it('puts the server’s own verdict above the status', () => {
    expect(kind({}).kind).toBe('Retryable');
    expect(kind({ headers: new Headers({ 'x-should-retry': 'false' }) }).kind).toBe('Rejected');
    expect(kind({ status: 400, headers: new Headers({ 'x-should-retry': 'true' }) }).kind).toBe('Retryable');
    expect(kind({ status: 429, headers: new Headers({ 'retry-after': '7' }) })).toMatchObject({ kind: 'Throttled', retryAfterMs: 7_000 });
    expect(kind({ status: 429, code: 'insufficient_quota' }).kind).toBe('Rejected');
    expect(kind({ status: 422 }).kind).toBe('Rejected');
  });
});

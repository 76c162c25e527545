import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createOpenAi } from '#connectors/ai/openai/index.ts';
import { VendorStub } from '#connectors/testing/serve-vendor.ts';
import { seededRandom } from '#kernel/random.ts';
import { ManualClock } from '#kernel/time.ts';
import { createAiVendor, PRACTICE_AI_KEY, type AiVendor } from '#practice/vendors/ai/index.ts';
import { createWorld, type World } from '#practice/world/index.ts';
import { recordTraffic } from './record-traffic.ts';
import { isObject } from './normalize-schema.ts';
import { SKIP_NOTE, Spec, SPECS_DIR, SPECS_PRESENT } from './spec.ts';

if (!SPECS_PRESENT) console.log(SKIP_NOTE);

const schema = { type: 'object', properties: { verdict: { type: 'string', enum: ['yes', 'no'] } }, required: ['verdict'], additionalProperties: false };
const request = { model: 'gpt-4.1-mini', instructions: 'Judge.', data: '<data-00>\n{"a":1}\n</data-00>', schema, schemaName: 'test-1', maxOutputTokens: 100, timeoutMs: 10_000 };

/** Every field that OpenAI documents for a schema: `allOf` of several leaves the checker no closed list of them. */
function documentedFields(name: string): Set<string> {
  const { components } = JSON.parse(readFileSync(path.join(SPECS_DIR, 'openai/openapi.json'), 'utf8')) as { components: { schemas: Record<string, unknown> } };
  const fields = (node: unknown): string[] => {
    if (!isObject(node)) return [];
    if (typeof node['$ref'] === 'string') return fields(components.schemas[node['$ref'].split('/').at(-1)!]);
    return [...Object.keys(isObject(node['properties']) ? node['properties'] : {}), ...(Array.isArray(node['allOf']) ? node['allOf'].flatMap(fields) : [])];
  };
  return new Set(fields(components.schemas[name]));
}

describe.skipIf(!SPECS_PRESENT)('what the OpenAI connector and the practice models say to each other follows OpenAI’s document', () => {
  let spec: Spec;
  let world: World;
  let server: AiVendor;
  beforeAll(async () => {
    spec = await Spec.load('openai/openapi.json');
    const clock = new ManualClock(Date.UTC(2026, 10, 21));
    world = createWorld({ seed: 3, clock, productCount: 1_000 });
    server = createAiVendor(world);
    await server.start();
  });
  afterAll(async () => {
    await server.close();
    world.close();
  });

  it('requests with unknown properties forbidden, answers too, a refusal and a half answer among them', async () => {
    const recorder = await recordTraffic(server.baseUrl);
    const openai = createOpenAi({ clock: new ManualClock(0), random: seededRandom(1), baseUrl: `${recorder.baseUrl}/v1`, credentials: async () => ({ key: PRACTICE_AI_KEY }) });
    for (const behaviour of ['well', 'refuse', 'half'] as const) {
      server.behave(behaviour);
      await openai.complete(request);
    }
    await openai.check();
    expect(recorder.exchanges.map((exchange) => `${exchange.method} ${exchange.path}`)).toEqual(['POST /v1/chat/completions', 'POST /v1/chat/completions', 'POST /v1/chat/completions', 'GET /v1/models']);
    for (const exchange of recorder.exchanges) {
      if (exchange.method === 'POST') expect(Object.keys(exchange.sent as object).filter((field) => !documentedFields('CreateChatCompletionRequest').has(field))).toEqual([]);
      expect(spec.checkRequest({ method: exchange.method, path: exchange.path, body: exchange.sent, contentType: 'application/json' })).toEqual([]);
      expect(spec.checkResponse({ method: exchange.method, path: exchange.path, status: exchange.status, body: exchange.answered }, 'forbid')).toEqual([]);
    }
    await recorder.close();
  });

  it('the connector reads every example answer of the document', async () => {
    const { paths } = JSON.parse(readFileSync(path.join(SPECS_DIR, 'openai/openapi.json'), 'utf8')) as { paths: Record<string, { post: { 'x-oaiMeta': { examples: { title: string; response: string }[] } } }> };
    const examples = paths['/chat/completions']!.post['x-oaiMeta'].examples.filter((example) => example.response.trim().startsWith('{') && !example.response.includes('chat.completion.chunk'));
    expect(examples.length).toBeGreaterThanOrEqual(3);
    let next = '';
    const stub = await new VendorStub(() => ({ body: next })).start();
    const openai = createOpenAi({ clock: new ManualClock(0), random: seededRandom(1), baseUrl: `${stub.url}/v1`, credentials: async () => ({ key: 'x' }) });
    for (const example of examples) {
      next = example.response;
      const answer = await openai.complete(request);
      expect(answer.outcome, example.title).toBe('answered');
      expect(answer.usage.inputTokens, example.title).toBeGreaterThan(0);
    }
    await stub.close();
  });

  it('the request that goes to OpenAI itself, which other servers need not know, is in the document too', () => {
    const body = { model: 'gpt-4.1-mini', messages: [{ role: 'system', content: 'a' }, { role: 'user', content: 'b' }], response_format: { type: 'json_schema', json_schema: { name: 'x', schema, strict: true } }, max_completion_tokens: 100, store: false };
    expect(spec.checkRequest({ method: 'POST', path: '/v1/chat/completions', body, contentType: 'application/json' })).toEqual([]);
    const known = documentedFields('CreateChatCompletionRequest');
    expect(Object.keys(body).filter((field) => !known.has(field))).toEqual([]);
    expect(known.has('max_token')).toBe(false);
    const misspelt = { ...body, response_format: { type: 'json_schema', json_schema: { name: 'x', schema, strikt: true } } };
    expect(spec.checkRequest({ method: 'POST', path: '/v1/chat/completions', body: misspelt, contentType: 'application/json' })).not.toEqual([]);
  });
});

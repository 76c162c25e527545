import { z } from 'zod';
import type { World } from '../../world/types.ts';
import { createHost, type VendorOptions, type VendorRequest, type VendorResponse, type VendorServer } from '../host.ts';
import { answerWell, obey, readEnvelope } from './write-answer.ts';

/** `late` waits `lateMs`; `garbage` writes no JSON; `half` stops in the middle; `refuse` declines; `rate-limit` answers 429 twice, then well; `no-money` says that the account is empty. */
export type AiBehaviour = 'well' | 'late' | 'garbage' | 'half' | 'refuse' | 'rate-limit' | 'no-money' | 'obey';

export interface AiVendorOptions extends VendorOptions {
  /** Default `well`. */
  readonly behaviour?: AiBehaviour;
  /** Default 2,000. */
  readonly lateMs?: number;
}

export interface AiVendor extends VendorServer {
  behave(behaviour: AiBehaviour): void;
  /** The last bodies of questions, newest last. */
  readonly asked: readonly unknown[];
}

/** Any other key is refused. */
export const PRACTICE_AI_KEY = 'sk-practice-0000000000000000';
const MODELS = ['gpt-4.1-mini', 'claude-haiku-5-5'];

const schemaOf = z.record(z.string(), z.unknown());
const chatSchema = z.strictObject({
  model: z.string(), messages: z.tuple([z.strictObject({ role: z.literal('system'), content: z.string() }), z.strictObject({ role: z.literal('user'), content: z.string() })]),
  response_format: z.strictObject({ type: z.literal('json_schema'), json_schema: z.strictObject({ name: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/), schema: schemaOf, strict: z.literal(true) }) }),
  max_tokens: z.int().optional(), max_completion_tokens: z.int().optional(), store: z.boolean().optional(),
});
const messagesSchema = z.strictObject({
  model: z.string(), max_tokens: z.int().min(1), system: z.string(), messages: z.tuple([z.strictObject({ role: z.literal('user'), content: z.string() })]),
  output_config: z.strictObject({ format: z.strictObject({ type: z.literal('json_schema'), schema: schemaOf }) }),
});

interface Question { readonly model: string; readonly system: string; readonly user: string; readonly schema: Record<string, unknown> }
interface Written { readonly text: string; readonly stop: 'end' | 'length' | 'refusal' }

/** As rough as every estimate of tokens: four characters each. */
const tokens = (text: string) => Math.max(1, Math.ceil(text.length / 4));
const pause = (ms: number) => new Promise<void>((resolve) => void setTimeout(resolve, ms));

class Mind {
  behaviour: AiBehaviour;
  readonly asked: unknown[] = [];
  readonly #lateMs: number;
  #turn = 0;
  #refusals = 0;

  constructor(options: AiVendorOptions) {
    this.behaviour = options.behaviour ?? 'well';
    this.#lateMs = options.lateMs ?? 2_000;
  }

  /** True where the vendor says "too many requests" now. */
  busy(): boolean {
    if (this.behaviour !== 'rate-limit') return false;
    this.#refusals += 1;
    return this.#refusals % 3 !== 0;
  }

  async write(question: Question): Promise<Written> {
    this.#turn += 1;
    const data = readEnvelope(question.user);
    const well = () => JSON.stringify(answerWell(question.schema, data));
    switch (this.behaviour) {
      case 'late':
        await pause(this.#lateMs);
        return { text: well(), stop: 'end' };
      case 'garbage': return { text: 'Sure! Here is what I think: {"verdict": yes', stop: 'end' };
      case 'half': return { text: well().slice(0, 12), stop: 'length' };
      case 'refuse': return { text: 'I cannot help with that.', stop: 'refusal' };
      case 'obey': return { text: JSON.stringify(obey(question.schema, data, this.#turn)), stop: 'end' };
      default: return { text: well(), stop: 'end' };
    }
  }
}

const openAiError = (status: number, code: string, message: string, headers = {}): VendorResponse => ({ status, headers, body: { error: { message, type: code, param: null, code } } });
const anthropicError = (status: number, type: string, message: string, headers = {}): VendorResponse => ({ status, headers, body: { type: 'error', error: { type, message }, request_id: 'req_practice' } });
const isAnthropic = (request: VendorRequest) => request.header('anthropic-version') !== '';

async function chat(mind: Mind, request: VendorRequest, number: number): Promise<VendorResponse> {
  if (mind.busy()) return openAiError(429, 'rate_limit_exceeded', 'Rate limit reached', { 'retry-after-ms': '20' });
  if (mind.behaviour === 'no-money') return openAiError(429, 'insufficient_quota', 'You exceeded your current quota, please check your plan and billing details.');
  const parsed = chatSchema.safeParse(request.json());
  if (!parsed.success) return openAiError(400, 'invalid_request_error', z.prettifyError(parsed.error));
  mind.asked.push(parsed.data);
  const { model, messages, response_format: format } = parsed.data;
  const { text, stop } = await mind.write({ model, system: messages[0].content, user: messages[1].content, schema: format.json_schema.schema });
  const [input, output] = [tokens(messages[0].content + messages[1].content), tokens(text)];
  return {
    status: 200,
    body: {
      id: `chatcmpl-${number}`, object: 'chat.completion', created: Math.floor(request.at / 1_000), model: `${model}-practice`,
      choices: [{ index: 0, finish_reason: stop === 'length' ? 'length' : 'stop', logprobs: null, message: { role: 'assistant', content: stop === 'refusal' ? null : text, refusal: stop === 'refusal' ? text : null } }],
      usage: { prompt_tokens: input, completion_tokens: output, total_tokens: input + output },
    },
  };
}

async function answerMessage(mind: Mind, request: VendorRequest, number: number): Promise<VendorResponse> {
  if (mind.busy()) return anthropicError(429, 'rate_limit_error', 'This request would exceed your rate limit', { 'retry-after': '1' });
  if (mind.behaviour === 'no-money') return anthropicError(400, 'invalid_request_error', 'Your credit balance is too low to access the API.');
  const parsed = messagesSchema.safeParse(request.json());
  if (!parsed.success) return anthropicError(400, 'invalid_request_error', z.prettifyError(parsed.error));
  mind.asked.push(parsed.data);
  const { model, system, messages: turns, output_config: output } = parsed.data;
  const { text, stop } = await mind.write({ model, system, user: turns[0].content, schema: output.format.schema });
  return {
    status: 200,
    body: {
      id: `msg_${number}`, type: 'message', role: 'assistant', model: `${model}-practice`, content: [{ type: 'text', text }], stop_reason: stop === 'length' ? 'max_tokens' : stop === 'refusal' ? 'refusal' : 'end_turn', stop_sequence: null,
      usage: { input_tokens: tokens(system + turns[0].content), output_tokens: tokens(text), cache_creation_input_tokens: 0, cache_read_input_tokens: 0 },
    },
  };
}

const list = (request: VendorRequest): VendorResponse => ({
  status: 200,
  body: isAnthropic(request)
    ? { data: MODELS.map((id) => ({ type: 'model', id, display_name: id, created_at: '2026-01-01T00:00:00Z' })), has_more: false, first_id: MODELS[0], last_id: MODELS.at(-1) }
    : { object: 'list', data: MODELS.map((id) => ({ id, object: 'model', created: 1_767_225_600, owned_by: 'practice' })) },
});

/** Language models on loopback: OpenAI's chat completions under `/v1` and Anthropic's messages. They know nothing, and answer the same question the same way. */
export function createAiVendor(world: World, options: AiVendorOptions = {}): AiVendor {
  const mind = new Mind(options);
  let number = 0;
  const host = createHost({
    name: 'ai', world,
    routes: [
      { method: 'POST', pattern: '/v1/chat/completions', name: 'chat', handle: (request) => chat(mind, request, ++number) },
      { method: 'POST', pattern: '/v1/messages', name: 'messages', handle: (request) => answerMessage(mind, request, ++number) },
      { method: 'GET', pattern: '/v1/models', name: 'models', handle: list },
    ],
    before: (request) => {
      // Anthropic takes the key in a header of its own or, as its newer SDKs send it, as a bearer token
      const key = request.header('x-api-key') || request.header('authorization').replace(/^Bearer /, '');
      if (key === PRACTICE_AI_KEY) return null;
      return isAnthropic(request) ? anthropicError(401, 'authentication_error', 'invalid x-api-key') : openAiError(401, 'invalid_api_key', 'Incorrect API key provided.');
    },
    errorBody: (status, message) => openAiError(status, status === 429 ? 'rate_limit_exceeded' : 'server_error', message),
  }, options);
  return Object.assign(host, { behave: (behaviour: AiBehaviour) => void (mind.behaviour = behaviour), asked: mind.asked });
}

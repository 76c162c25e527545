import OpenAI, { APIConnectionError, APIConnectionTimeoutError, APIError, APIUserAbortError } from 'openai';
import { z } from 'zod';
import type { LanguageModelPort, ModelAnswer, ModelRequest } from '#engine/assistant/ports.ts';
import { ConnectorError } from '#kernel/errors.ts';
import type { Random } from '#kernel/random.ts';
import type { Clock } from '#kernel/time.ts';
import { isLoopback } from '../is-loopback.ts';
import { createSdkPort } from '../sdk-port.ts';

export const OPENAI_URL = 'https://api.openai.com/v1';

export interface OpenAiOptions {
  readonly clock: Clock;
  readonly random: Random;
  /** `https://api.openai.com/v1` unless told; any server of the same protocol, as Ollama (`http://127.0.0.1:11434/v1`) or LM Studio (`http://127.0.0.1:1234/v1`). */
  readonly baseUrl?: string | undefined;
  /** A local server needs none: an empty text. */
  readonly credentials: () => Promise<{ readonly key: string }>;
}

const CONNECTOR = 'openai';

/** Of a chat completion, what is read. Servers of the same protocol leave much out. */
const completionSchema = z.looseObject({
  model: z.string().default(''),
  choices: z.array(z.looseObject({ finish_reason: z.string().nullish(), message: z.looseObject({ content: z.string().nullish(), refusal: z.string().nullish() }) })).min(1),
  usage: z.looseObject({ prompt_tokens: z.int().min(0), completion_tokens: z.int().min(0) }).nullish(),
});

/** What no tokenizer of ours counts is taken at its most: a token is at least one byte. */
const bytesOf = (text: string) => Buffer.byteLength(text, 'utf8');

function read(raw: unknown, request: ModelRequest): ModelAnswer {
  const parsed = completionSchema.safeParse(raw);
  if (!parsed.success) throw new ConnectorError({ kind: 'Critical', connector: CONNECTOR, operation: 'ask', message: `the answer is no chat completion: ${z.prettifyError(parsed.error)}` });
  const { choices, usage, model } = parsed.data;
  const { message, finish_reason: reason } = choices[0]!;
  const text = message.content ?? '';
  const refused = (message.refusal ?? '') !== '' || reason === 'content_filter';
  return {
    outcome: refused ? 'refused' : reason === 'length' ? 'cut-off' : 'answered', text: refused ? (message.refusal ?? '') : text, model: model || request.model,
    usage: usage ? { inputTokens: usage.prompt_tokens, outputTokens: usage.completion_tokens } : { inputTokens: bytesOf(request.instructions + request.data), outputTokens: bytesOf(text) },
    usageEstimated: !usage,
  };
}

/** OpenAI's chat completions, through its SDK: the part of the protocol that local servers speak too. */
export function createOpenAi({ clock, random, baseUrl: baseURL = OPENAI_URL, credentials }: OpenAiOptions): LanguageModelPort {
  const own = new URL(baseURL).hostname.endsWith('openai.com');
  return createSdkPort<OpenAI, InstanceType<typeof APIError>>({
    clock, random, vendor: CONNECTOR, local: isLoopback(baseURL), errors: { APIError, APIConnectionError, APIConnectionTimeoutError, APIUserAbortError }, said: (error) => ({ code: error.code ?? error.type }),
    client: async (timeoutMs) => {
      const { key } = await credentials();
      // the SDK wants a key also where the server does not; organisation and project are never taken from the environment
      return new OpenAI({ apiKey: key === '' ? 'none' : key, baseURL, maxRetries: 0, timeout: timeoutMs, organization: null, project: null });
    },
    ask: async (client, request, signal) => read(await client.chat.completions.create({
      model: request.model,
      messages: [{ role: 'system', content: request.instructions }, { role: 'user', content: request.data }],
      response_format: { type: 'json_schema', json_schema: { name: request.schemaName, schema: { ...request.schema }, strict: true } },
      // newer models of OpenAI refuse the older name, and other servers know no newer one
      ...(own ? { max_completion_tokens: request.maxOutputTokens, store: false } : { max_tokens: request.maxOutputTokens }),
    }, { signal }), request),
    list: (client) => client.models.list(),
  });
}

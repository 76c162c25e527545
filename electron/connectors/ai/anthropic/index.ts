import Anthropic, { APIConnectionError, APIConnectionTimeoutError, APIError, APIUserAbortError } from '@anthropic-ai/sdk';
import { z } from 'zod';
import type { LanguageModelPort, ModelAnswer, ModelRequest } from '#engine/assistant/ports.ts';
import { ConnectorError } from '#kernel/errors.ts';
import type { Random } from '#kernel/random.ts';
import type { Clock } from '#kernel/time.ts';
import { createSdkPort } from '../sdk-port.ts';

export const ANTHROPIC_URL = 'https://api.anthropic.com';

export interface AnthropicOptions {
  readonly clock: Clock;
  readonly random: Random;
  /** `https://api.anthropic.com` unless told. */
  readonly baseUrl?: string | undefined;
  readonly credentials: () => Promise<{ readonly key: string }>;
}

const CONNECTOR = 'anthropic';

/** Of a message, what is read; blocks of other kinds (thinking) are passed over. */
const messageSchema = z.looseObject({
  model: z.string().default(''),
  stop_reason: z.string().nullish(),
  content: z.array(z.looseObject({ type: z.string(), text: z.string().optional() })),
  usage: z.looseObject({ input_tokens: z.int().min(0), output_tokens: z.int().min(0), cache_creation_input_tokens: z.int().nullish(), cache_read_input_tokens: z.int().nullish() }),
});

/** The vendor's own words, `{"type":"error","error":{"type","message"}}`. */
const errorSchema = z.looseObject({ error: z.looseObject({ type: z.string(), message: z.string() }) });

function read(raw: unknown, request: ModelRequest): ModelAnswer {
  const parsed = messageSchema.safeParse(raw);
  if (!parsed.success) throw new ConnectorError({ kind: 'Critical', connector: CONNECTOR, operation: 'ask', message: `the answer is no message: ${z.prettifyError(parsed.error)}` });
  const { content, stop_reason: reason, usage, model } = parsed.data;
  return {
    outcome: reason === 'refusal' ? 'refused' : reason === 'max_tokens' ? 'cut-off' : 'answered', text: content.filter((block) => block.type === 'text').map((block) => block.text ?? '').join(''), model: model || request.model,
    usage: { inputTokens: usage.input_tokens + (usage.cache_creation_input_tokens ?? 0) + (usage.cache_read_input_tokens ?? 0), outputTokens: usage.output_tokens }, usageEstimated: false,
  };
}

/** Anthropic's messages with a JSON schema for the answer, through its SDK. */
export function createAnthropic({ clock, random, baseUrl, credentials }: AnthropicOptions): LanguageModelPort {
  return createSdkPort<Anthropic, InstanceType<typeof APIError>>({
    clock, random, vendor: CONNECTOR, local: false, errors: { APIError, APIConnectionError, APIConnectionTimeoutError, APIUserAbortError },
    said: (error) => {
      const told = errorSchema.safeParse(error.error).data?.error;
      return { code: told?.type, message: told?.message };
    },
    client: async (timeoutMs) => new Anthropic({ apiKey: (await credentials()).key, authToken: null, baseURL: baseUrl ?? ANTHROPIC_URL, maxRetries: 0, timeout: timeoutMs }),
    ask: async (client, request, signal) => read(await client.messages.create({
      model: request.model, max_tokens: request.maxOutputTokens, system: request.instructions, messages: [{ role: 'user', content: request.data }],
      output_config: { format: { type: 'json_schema', schema: { ...request.schema } } },
    }, { signal }), request),
    list: (client) => client.models.list({ limit: 1 }),
  });
}

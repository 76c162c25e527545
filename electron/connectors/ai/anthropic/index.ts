import Anthropic, { APIConnectionError, APIConnectionTimeoutError, APIError, APIUserAbortError } from '@anthropic-ai/sdk';
import { z } from 'zod';
import type { LanguageModelPort, ModelAnswer, ModelRequest } from '#engine/assistant/ports.ts';
import { ConnectorError, messageOf } from '#kernel/errors.ts';
import type { Random } from '#kernel/random.ts';
import type { Clock } from '#kernel/time.ts';
import { classifyFailure, tryAgain } from '../try-again.ts';

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

function toFailure(error: unknown, operation: string, now: number): ConnectorError {
  if (error instanceof ConnectorError) return error;
  const context = { connector: CONNECTOR, operation, now };
  if (error instanceof APIConnectionTimeoutError || error instanceof APIUserAbortError) return classifyFailure({ status: undefined, code: undefined, message: '', headers: undefined, timedOut: true, unreachable: false }, context, error);
  if (error instanceof APIConnectionError) return classifyFailure({ status: undefined, code: undefined, message: '', headers: undefined, timedOut: false, unreachable: true }, context, error);
  if (error instanceof APIError) {
    const said = errorSchema.safeParse(error.error).data?.error;
    return classifyFailure({ status: error.status as number | undefined, code: said?.type, message: said?.message ?? error.message, headers: error.headers as Headers | undefined, timedOut: false, unreachable: false }, context, error);
  }
  return new ConnectorError({ kind: 'Critical', connector: CONNECTOR, operation, message: messageOf(error) }, error);
}

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
export function createAnthropic(options: AnthropicOptions): LanguageModelPort {
  const client = async (timeoutMs: number) => new Anthropic({ apiKey: (await options.credentials()).key, authToken: null, baseURL: options.baseUrl ?? ANTHROPIC_URL, maxRetries: 0, timeout: timeoutMs });
  return {
    vendor: 'anthropic',
    local: false,
    complete: (request) => tryAgain({ clock: options.clock, random: options.random, timeoutMs: request.timeoutMs, signal: request.signal }, async (remainingMs) => {
      try {
        const answer = await (await client(remainingMs)).messages.create({
          model: request.model, max_tokens: request.maxOutputTokens, system: request.instructions, messages: [{ role: 'user', content: request.data }],
          output_config: { format: { type: 'json_schema', schema: { ...request.schema } } },
        }, { signal: AbortSignal.any([AbortSignal.timeout(remainingMs), ...(request.signal ? [request.signal] : [])]) });
        return read(answer, request);
      } catch (error) {
        throw toFailure(error, 'ask', options.clock.now());
      }
    }),
    check: async () => {
      try {
        await (await client(15_000)).models.list({ limit: 1 });
      } catch (error) {
        throw toFailure(error, 'list models', options.clock.now());
      }
    },
  };
}

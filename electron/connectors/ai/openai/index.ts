import OpenAI, { APIConnectionError, APIConnectionTimeoutError, APIError, APIUserAbortError } from 'openai';
import { z } from 'zod';
import type { LanguageModelPort, ModelAnswer, ModelRequest } from '#engine/assistant/ports.ts';
import { ConnectorError, messageOf } from '#kernel/errors.ts';
import type { Random } from '#kernel/random.ts';
import type { Clock } from '#kernel/time.ts';
import { isLoopback } from '../is-loopback.ts';
import { classifyFailure, tryAgain } from '../try-again.ts';

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

function toFailure(error: unknown, operation: string, now: number): ConnectorError {
  if (error instanceof ConnectorError) return error;
  const context = { connector: CONNECTOR, operation, now };
  if (error instanceof APIConnectionTimeoutError || error instanceof APIUserAbortError) return classifyFailure({ status: undefined, code: undefined, message: '', headers: undefined, timedOut: true, unreachable: false }, context, error);
  if (error instanceof APIConnectionError) return classifyFailure({ status: undefined, code: undefined, message: '', headers: undefined, timedOut: false, unreachable: true }, context, error);
  if (error instanceof APIError) return classifyFailure({ status: error.status as number | undefined, code: error.code ?? error.type ?? undefined, message: error.message, headers: error.headers as Headers | undefined, timedOut: false, unreachable: false }, context, error);
  return new ConnectorError({ kind: 'Critical', connector: CONNECTOR, operation, message: messageOf(error) }, error);
}

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
export function createOpenAi(options: OpenAiOptions): LanguageModelPort {
  const baseURL = options.baseUrl ?? OPENAI_URL;
  const own = new URL(baseURL).hostname.endsWith('openai.com');
  const client = async (timeoutMs: number) => {
    const { key } = await options.credentials();
    // the SDK wants a key also where the server does not; organisation and project are never taken from the environment
    return new OpenAI({ apiKey: key === '' ? 'none' : key, baseURL, maxRetries: 0, timeout: timeoutMs, organization: null, project: null });
  };
  return {
    vendor: 'openai',
    local: isLoopback(baseURL),
    complete: (request) => tryAgain({ clock: options.clock, random: options.random, timeoutMs: request.timeoutMs, signal: request.signal }, async (remainingMs) => {
      try {
        const answer = await (await client(remainingMs)).chat.completions.create({
          model: request.model,
          messages: [{ role: 'system', content: request.instructions }, { role: 'user', content: request.data }],
          response_format: { type: 'json_schema', json_schema: { name: request.schemaName, schema: { ...request.schema }, strict: true } },
          // newer models of OpenAI refuse the older name, and other servers know no newer one
          ...(own ? { max_completion_tokens: request.maxOutputTokens, store: false } : { max_tokens: request.maxOutputTokens }),
        }, { signal: AbortSignal.any([AbortSignal.timeout(remainingMs), ...(request.signal ? [request.signal] : [])]) });
        return read(answer, request);
      } catch (error) {
        throw toFailure(error, 'ask', options.clock.now());
      }
    }),
    check: async () => {
      try {
        await (await client(15_000)).models.list();
      } catch (error) {
        throw toFailure(error, 'list models', options.clock.now());
      }
    },
  };
}

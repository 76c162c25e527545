import { z } from 'zod';
import type { AiPurpose, AiSettings } from '#contract/assistant.ts';
import type { Reason } from '#contract/shared.ts';
import { isConnectorError, messageOf } from '#kernel/errors.ts';
import { maskText } from '#kernel/log.ts';
import { MINUTE_MS, type Instant } from '#kernel/time.ts';
import type { Tx } from '#runtime/ports.ts';
import { KILL_SWITCH, readSetting } from '../settings/index.ts';
import { answerSchema } from './answer-schema.ts';
import type { AssistantDeps } from './deps.ts';
import type { LanguageModelPort, ModelAnswer } from './ports.ts';
import { costMicro, priceOf, type ModelPrice } from './price-card.ts';
import { endCall, findAnswer, insertCall, spentToday, type AiCall, type KeptRequest } from './repo.ts';
import { maskPersonal, PREAMBLE, sealData, sha256 } from './seal-data.ts';
import { AI } from './settings-key.ts';

export interface Question<T> {
  readonly purpose: AiPurpose;
  /** Changes with the instructions: `opinion-1`. */
  readonly promptVersion: string;
  /** The answer; every number, id, address or permission in it is text to be shown, never taken over. */
  readonly schema: z.ZodType<T>;
  /** Our own words alone. What others wrote goes into `data`. */
  readonly instructions: string;
  readonly data: Readonly<Record<string, unknown>>;
  /** Id of what it is about, for the list of calls. */
  readonly subject?: string | undefined;
  /** Holds a person's own words: addresses and long numbers are masked, and neither question nor answer is kept or taken again. */
  readonly personal?: boolean | undefined;
  readonly maxOutputTokens?: number | undefined;
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** What else must hold of the answer: a reason why it does not, or null. */
  readonly refuse?: ((value: T) => string | null) | undefined;
}

export interface AnswerMeta {
  readonly callId: string;
  readonly vendor: 'openai' | 'anthropic';
  readonly model: string;
  readonly promptVersion: string;
  readonly at: Instant;
  /** Of this answer when it was given, millionths of a minor unit. */
  readonly costMicro: number;
  readonly currency: string;
  readonly cached: boolean;
}

export type Asked<T> = { readonly value: T; readonly meta: AnswerMeta } | { readonly offline: Reason };

export interface Assistant {
  /** Never throws for want of an answer: the caller goes on without, and says why. */
  ask<T>(question: Question<T>): Promise<Asked<T>>;
  /** The newest answer that was given to the same question by any model; asks nobody. */
  /** Whether there ever was a question about this thing. */
  wasAsked(tx: Tx, subject: string): Promise<boolean>;
  recall<T>(tx: Tx, question: Question<T>): Promise<{ readonly value: T; readonly meta: AnswerMeta } | null>;
  /** Asks with an input that was kept, by the present model; recorded, and never taken again as an answer. */
  askAgain(call: AiCall, request: KeptRequest): Promise<Asked<unknown>>;
  /** Whether a question of this purpose would be asked now: the reason why not, or null. */
  whyNot(purpose: AiPurpose): Promise<Reason | null>;
}

const DEFAULT_TOKENS = 700;
const DEFAULT_TIMEOUT_MS = 30_000;
const LONGEST_INPUT = 60_000;
/** After so many failures in a row nobody is asked for a while: a list of a thousand must not wait thirty seconds for each. */
const ENOUGH_FAILURES = 3;
const REST_MS = MINUTE_MS;

const offline = (code: string, data: Reason['data'] = {}): { readonly offline: Reason } => ({ offline: { code, data } });

function requestOf<T>(question: Question<T>): KeptRequest {
  const data = sealData((question.personal ? maskPersonal(question.data) : question.data) as Record<string, unknown>);
  return { instructions: `${PREAMBLE}\n\n${question.instructions}`, data, schema: answerSchema(question.schema), schemaName: question.promptVersion.replace(/[^A-Za-z0-9_-]/g, '-').slice(0, 64), maxOutputTokens: question.maxOutputTokens ?? DEFAULT_TOKENS };
}

/** Of everything that decides the answer but the model. */
export const hashOf = (promptVersion: string, request: KeptRequest): string => sha256(JSON.stringify([promptVersion, request.instructions, request.data, request.schema, request.maxOutputTokens]));

/** A token is at least one byte: what a call can cost at most. */
function mostOf(price: ModelPrice, request: KeptRequest): number {
  const bytes = Buffer.byteLength(request.instructions + request.data + JSON.stringify(request.schema), 'utf8') + 500;
  return costMicro(price, { inputTokens: bytes, outputTokens: request.maxOutputTokens });
}

function readAnswer<T>(text: string, schema: z.ZodType<T>): { ok: true; value: T } | { ok: false; why: string } {
  let raw: unknown;
  try {
    // servers that enforce no schema like to fence their JSON
    raw = JSON.parse(text.trim().replace(/^```(?:json)?\s*|\s*```$/g, ''));
  } catch {
    return { ok: false, why: 'no JSON' };
  }
  const parsed = schema.safeParse(raw);
  return parsed.success ? { ok: true, value: parsed.data } : { ok: false, why: parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ').slice(0, 400) };
}

interface Prepared {
  readonly settings: AiSettings;
  readonly port: LanguageModelPort;
  readonly price: ModelPrice;
  readonly model: string;
}

const metaOf = (call: AiCall, cached: boolean): AnswerMeta => ({ callId: call.id, vendor: call.vendor, model: call.model, promptVersion: call.promptVersion, at: call.at, costMicro: call.costMicro, currency: call.currency, cached });

interface Given { readonly call: AiCall; readonly request: KeptRequest; readonly prepared: Prepared }

class DeskAssistant implements Assistant {
  readonly #deps: AssistantDeps;
  #failures = 0;
  #restUntil = 0;

  constructor(deps: AssistantDeps) {
    this.#deps = deps;
  }

  async #prepare(purpose: AiPurpose): Promise<Prepared | { offline: Reason }> {
    const { ctx, prices, model } = this.#deps;
    const settings = (await readSetting(ctx.db, AI)).value;
    if (settings.provider === 'off') return offline('ai.off');
    if (!settings.purposes.includes(purpose)) return offline('ai.purpose-off', { purpose });
    if ((await readSetting(ctx.db, KILL_SWITCH)).value.on) return offline('ai.kill-switch');
    const port = await model(settings);
    if (!port) return offline('ai.no-account', { provider: settings.provider });
    const price = priceOf(prices, settings, port.local);
    if (!price) return offline('ai.no-price', { model: settings.models[settings.provider] });
    if (ctx.clock.now() < this.#restUntil) return offline('ai.resting', { until: this.#restUntil });
    return { settings, port, price, model: settings.models[settings.provider] };
  }

  async whyNot(purpose: AiPurpose): Promise<Reason | null> {
    const prepared = await this.#prepare(purpose);
    return 'offline' in prepared ? prepared.offline : null;
  }

  async wasAsked(tx: Tx, subject: string): Promise<boolean> {
    return (await tx.aiCall.findFirst({ where: { subject }, select: { id: true } })) !== null;
  }

  async recall<T>(tx: Tx, question: Question<T>): Promise<{ value: T; meta: AnswerMeta } | null> {
    if (question.personal) return null;
    const found = await findAnswer(tx, hashOf(question.promptVersion, requestOf(question)));
    if (!found) return null;
    const parsed = question.schema.safeParse(found.answer);
    return parsed.success ? { value: parsed.data, meta: metaOf(found, true) } : null;
  }

  async ask<T>(question: Question<T>): Promise<Asked<T>> {
    const prepared = await this.#prepare(question.purpose);
    if ('offline' in prepared) return prepared;
    const request = requestOf(question);
    if (request.data.length > LONGEST_INPUT) return offline('ai.input-too-long', { length: request.data.length, most: LONGEST_INPUT });
    const call = this.#newCall({ purpose: question.purpose, subject: question.subject ?? null, promptVersion: question.promptVersion, request, keep: !question.personal, prepared });
    const known = question.personal ? null : await this.#fromCache(call, question);
    if (known) return known;
    if (!(await this.#reserve(call, prepared))) return offline('ai.over-budget', { budget: prepared.settings.budgetPerDay });
    return this.#carryOut({ call, request, prepared }, question);
  }

  async askAgain(recorded: AiCall, request: KeptRequest): Promise<Asked<unknown>> {
    const prepared = await this.#prepare(recorded.purpose);
    if ('offline' in prepared) return prepared;
    const call = this.#newCall({ purpose: recorded.purpose, subject: recorded.subject, promptVersion: recorded.promptVersion, request, keep: true, prepared });
    if (!(await this.#reserve(call, prepared))) return offline('ai.over-budget', { budget: prepared.settings.budgetPerDay });
    return this.#carryOut({ call, request, prepared }, null);
  }

  #newCall(given: { purpose: AiPurpose; subject: string | null; promptVersion: string; request: KeptRequest; keep: boolean; prepared: Prepared }): AiCall {
    const { ctx, prices } = this.#deps;
    const { purpose, subject, promptVersion, request, prepared, keep } = given;
    return {
      id: ctx.ids.next('aiCall'), purpose, subject, promptVersion, vendor: prepared.port.vendor, model: prepared.model, inputHash: hashOf(promptVersion, request), request: keep ? request : null, answer: null, outcome: 'asked', detail: null,
      inputTokens: 0, outputTokens: 0, costMicro: mostOf(prepared.price, request), currency: prices.currency, priceCard: prepared.price.version, latencyMs: 0, answeredBy: null, at: ctx.clock.now(),
    };
  }

  async #fromCache<T>(call: AiCall, question: Question<T>): Promise<Asked<T> | null> {
    const { db } = this.#deps.ctx;
    const found = await findAnswer(db.prisma, call.inputHash, call);
    if (!found) return null;
    const parsed = question.schema.safeParse(found.answer);
    if (!parsed.success || (question.refuse?.(parsed.data) ?? null) !== null) return null;
    await db.transaction((tx) => insertCall(tx, { ...call, outcome: 'cached', costMicro: 0, request: null, answeredBy: found.id }));
    return { value: parsed.data, meta: metaOf(found, true) };
  }

  /** What it may cost at most is taken from the day's budget before it is asked, in one transaction: questions at the same time cannot pass the budget together. */
  #reserve(call: AiCall, { settings }: Prepared): Promise<boolean> {
    const { db, clock } = this.#deps.ctx;
    return db.transaction(async (tx) => {
      const fits = (await spentToday(tx, clock.now(), call.currency)) + call.costMicro <= settings.budgetPerDay.minor * 1_000_000;
      await insertCall(tx, fits ? call : { ...call, outcome: 'over-budget', costMicro: 0, request: null, detail: { code: 'ai.over-budget', data: { budget: settings.budgetPerDay } } });
      return fits;
    });
  }

  async #carryOut<T>(given: Given, question: Question<T> | null): Promise<Asked<T>> {
    const { call, request, prepared } = given;
    const started = performance.now();
    let answer: ModelAnswer;
    try {
      answer = await prepared.port.complete({ model: prepared.model, ...request, timeoutMs: question?.timeoutMs ?? DEFAULT_TIMEOUT_MS, signal: question?.signal });
    } catch (error) {
      return this.#failed(call, error, performance.now() - started);
    }
    this.#failures = 0;
    return this.#settle<T>(given, answer, { question, latencyMs: Math.round(performance.now() - started) });
  }

  async #failed(call: AiCall, error: unknown, elapsedMs: number): Promise<{ offline: Reason }> {
    const { ctx } = this.#deps;
    if (++this.#failures >= ENOUGH_FAILURES) this.#restUntil = ctx.clock.now() + REST_MS;
    const kind = isConnectorError(error) ? error.kind : 'Critical';
    const detail: Reason = { code: 'ai.failed', data: { kind, message: maskText(messageOf(error)).slice(0, 300) } };
    if (!isConnectorError(error)) ctx.log.error('a language model failed in an unforeseen way', { error, callId: call.id });
    // refused before it was read, it costs nothing; without an answer it may have been read, and stays counted at its most
    const free = kind === 'Throttled' || kind === 'SessionLost' || kind === 'Rejected';
    await ctx.db.transaction((tx) => endCall(tx, call.id, { outcome: 'failed', detail, answer: null, inputTokens: 0, outputTokens: 0, costMicro: free ? 0 : call.costMicro, latencyMs: Math.round(elapsedMs) }));
    return { offline: detail };
  }

  async #settle<T>({ call, prepared }: Given, answer: ModelAnswer, { question, latencyMs }: { question: Question<T> | null; latencyMs: number }): Promise<Asked<T>> {
    const cost = costMicro(prepared.price, answer.usage);
    const end = (outcome: AiCall['outcome'], value: unknown, detail: Reason | null) => this.#deps.ctx.db.transaction((tx) => endCall(tx, call.id, {
      outcome, detail, answer: call.request === null ? null : value, inputTokens: answer.usage.inputTokens, outputTokens: answer.usage.outputTokens, costMicro: cost, latencyMs,
    }));
    const refuse = async (outcome: 'refused' | 'invalid', detail: Reason) => {
      await end(outcome, null, detail);
      return { offline: detail };
    };
    if (answer.outcome === 'refused') return refuse('refused', { code: 'ai.refused', data: {} });
    if (answer.outcome === 'cut-off') return refuse('invalid', { code: 'ai.cut-off', data: {} });
    // a replay only shows what came: any JSON will do
    const parsed = readAnswer(answer.text, question?.schema ?? (z.unknown() as z.ZodType<T>));
    if (!parsed.ok) return refuse('invalid', { code: 'ai.invalid-answer', data: { why: parsed.why } });
    const why = question?.refuse?.(parsed.value) ?? null;
    if (why !== null) return refuse('invalid', { code: 'ai.unfit-answer', data: { why } });
    await end(question ? 'answered' : 'replayed', parsed.value, null);
    return { value: parsed.value, meta: { ...metaOf(call, false), costMicro: cost } };
  }
}

/** One for each desk: it remembers failures in a row. */
export function createAssistant(deps: AssistantDeps): Assistant {
  return new DeskAssistant(deps);
}

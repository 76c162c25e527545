import { isDeepStrictEqual } from 'node:util';
import { DomainError } from '#kernel/errors.ts';
import { hashOf, type Assistant } from './assistant.ts';
import type { AssistantDeps } from './deps.ts';
import { findAnswer, findCall, type AiCall } from './repo.ts';

export interface Difference { readonly path: string; readonly before: unknown; readonly after: unknown }

const MOST_DIFFERENCES = 50;
const isRecord = (value: unknown): value is Record<string, unknown> => value !== null && typeof value === 'object' && !Array.isArray(value);

/** Leaves that differ, by path. */
export function differencesOf(before: unknown, after: unknown, path = ''): Difference[] {
  if (isDeepStrictEqual(before, after)) return [];
  if (isRecord(before) && isRecord(after)) {
    return [...new Set([...Object.keys(before), ...Object.keys(after)])].toSorted().flatMap((key) => differencesOf(before[key] ?? null, after[key] ?? null, path === '' ? key : `${path}.${key}`)).slice(0, MOST_DIFFERENCES);
  }
  return [{ path, before, after }];
}

export interface Replay {
  readonly whole: boolean;
  readonly model: string;
  readonly answer: unknown;
  readonly differences: readonly Difference[];
  readonly costMicro: number;
  readonly currency: string;
}

async function requireCall(deps: AssistantDeps, id: string): Promise<AiCall> {
  const call = await findCall(deps.ctx.db.prisma, id);
  if (!call) throw new DomainError('NOT_FOUND', 'There is no such question.', { kind: 'ai-call', id });
  return call;
}

/** A cached call's input stands with the one that was answered. */
async function withInput(deps: AssistantDeps, call: AiCall): Promise<AiCall> {
  return call.outcome === 'cached' && call.answeredBy !== null ? ((await findCall(deps.ctx.db.prisma, call.answeredBy)) ?? call) : call;
}

/** @throws DomainError NOT_FOUND; INVALID where the input was not kept; AI_OFFLINE where nobody can be asked. */
export async function replayCall(deps: AssistantDeps, assistant: Assistant, input: { readonly id: string; readonly mode: 'recorded' | 'live' }): Promise<Replay> {
  const call = await withInput(deps, await requireCall(deps, input.id));
  if (!call.request) throw new DomainError('INVALID', 'The input of this question was not kept.', { field: 'id', reason: 'not-kept' });
  const whole = hashOf(call.promptVersion, call.request) === call.inputHash;
  if (input.mode === 'recorded') {
    // what the same question would be answered with today, without asking anybody
    const newest = await findAnswer(deps.ctx.db.prisma, call.inputHash);
    const answer = newest?.answer ?? call.answer;
    return { whole, model: newest?.model ?? call.model, answer, differences: differencesOf(call.answer, answer), costMicro: 0, currency: call.currency };
  }
  const asked = await assistant.askAgain(call, call.request);
  if ('offline' in asked) throw new DomainError('AI_OFFLINE', 'No language model can be asked now.', { reason: asked.offline });
  return { whole, model: asked.meta.model, answer: asked.value, differences: differencesOf(call.answer, asked.value), costMicro: asked.meta.costMicro, currency: asked.meta.currency };
}

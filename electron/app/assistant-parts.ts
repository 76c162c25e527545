import path from 'node:path';
import { AI, createAssistant, readAiPrices, type Assistant, type AssistantDeps } from '#engine/assistant/index.ts';
import type { IdentityJudgePort } from '#engine/catalog/ports.ts';
import { recallOpinion } from '#engine/opinions/index.ts';
import { readSetting } from '#engine/settings/index.ts';
import type { ConnectionPort } from '#engine/settings/ports.ts';
import type { EngineContext, Tx } from '#runtime/ports.ts';
import { createAiModels } from './ai-models.ts';
import { createIdentityJudge } from './ask-assistant.ts';
import type { AppOptions } from './options.ts';

export interface AssistantParts extends AssistantDeps {
  readonly assistant: Assistant;
  /** Null while nobody would be asked. */
  readonly judge: IdentityJudgePort | null;
  /** Looks whether somebody would be asked; also done by itself whenever the settings change. */
  refresh(): Promise<void>;
}

export function createAssistantParts(options: AppOptions, ctx: EngineContext): { readonly parts: AssistantParts; readonly connections: ConnectionPort[] } {
  const models = createAiModels(options, async () => (await readSetting(ctx.db, AI)).value);
  const deps: AssistantDeps = { ctx, prices: readAiPrices(path.join(options.rootDir, 'resources/ai-prices')), model: models.model };
  const assistant = createAssistant(deps);
  const judge = createIdentityJudge(assistant);
  let judging = false;
  const look = async () => void (judging = (await assistant.whyNot('match')) === null);
  ctx.outbox.subscribe('settings.assistant', look);
  ctx.outbox.subscribe('settings.connection', look);
  return { parts: { ...deps, assistant, get judge() { return judging ? judge : null; }, refresh: look }, connections: models.ports() };
}

/** What a person approves on is frozen with the opinion that stood beside it, where there was one. */
export async function withOpinion<Facts extends { readonly opportunityId: string; readonly evidence: Readonly<Record<string, unknown>> }>({ ctx, assistant }: AssistantParts, tx: Tx, facts: Facts): Promise<Facts> {
  const opinion = await recallOpinion({ ctx, assistant }, tx, facts.opportunityId);
  return opinion ? { ...facts, evidence: { ...facts.evidence, opinion } } : facts;
}

import { implement } from '@orpc/server';
import type { z } from 'zod';
import { aiPurpose, assistantContract, type AiCallRow, type AiSettings, type aiStatus } from '#contract/assistant.ts';
import { declaredErrors } from '#contract/errors.ts';
import { DomainError } from '#kernel/errors.ts';
import { DAY_MS, startOfUtcDay, utcDay } from '#kernel/time.ts';
import { KILL_SWITCH, readSetting, writeSetting } from '../settings/index.ts';
import type { Assistant } from './assistant.ts';
import type { AssistantDeps } from './deps.ts';
import { priceOf } from './price-card.ts';
import { replayCall } from './replay-call.ts';
import { findCall, listCalls, spentToday, tallyDays, tallyPurposes, type AiCall } from './repo.ts';
import { AI } from './settings-key.ts';

const DAYS = 30;

function rowOf({ request, answer: _answer, inputHash: _hash, answeredBy, ...call }: AiCall): AiCallRow {
  return { ...call, replayable: request !== null || answeredBy !== null };
}

async function statusOf({ ctx, prices, model }: AssistantDeps): Promise<z.infer<typeof aiStatus>> {
  const now = ctx.clock.now();
  const settings = (await readSetting(ctx.db, AI)).value;
  const port = settings.provider === 'off' ? null : await model(settings);
  const price = port ? priceOf(prices, settings, port.local) : null;
  const spentMicro = await spentToday(ctx.db.prisma, now, prices.currency);
  const [days, purposes] = [await tallyDays(ctx.db, startOfUtcDay(now) - (DAYS - 1) * DAY_MS), await tallyPurposes(ctx.db, startOfUtcDay(now) - (DAYS - 1) * DAY_MS)];
  const today = days.find((one) => one.key === utcDay(now));
  const state = settings.provider === 'off' ? 'off' : (await readSetting(ctx.db, KILL_SWITCH)).value.on ? 'kill-switch' : !port ? 'no-account' : !price ? 'no-price' : spentMicro >= settings.budgetPerDay.minor * 1_000_000 && price.version !== 'local' ? 'over-budget' : 'ready';
  return {
    state, provider: settings.provider, model: settings.provider === 'off' ? null : settings.models[settings.provider], price, currency: prices.currency,
    today: { spentMicro, budget: settings.budgetPerDay, asked: today?.asked ?? 0, cached: today?.cached ?? 0, unanswered: today?.unanswered ?? 0 },
    days: days.map(({ key, ...rest }) => ({ day: key, ...rest })),
    purposes: purposes.map(({ key, spentMicro: spent, asked, cached }) => ({ purpose: aiPurpose.parse(key), spentMicro: spent, asked, cached })),
    knownModels: prices.models.map(({ confidence: _confidence, ...one }) => one),
  };
}

function checkSettings(value: AiSettings, currency: string): void {
  if (value.budgetPerDay.currency !== currency) throw new DomainError('INVALID', `The budget must be in ${currency}, in which models are priced.`, { field: 'budgetPerDay', reason: 'currency' });
  if (value.budgetPerDay.minor < 0) throw new DomainError('INVALID', 'The budget cannot be below zero.', { field: 'budgetPerDay', reason: 'negative' });
  if (value.baseUrl?.startsWith('http:') && !/^http:\/\/(?:localhost|127\.|\[::1\])/.test(value.baseUrl)) throw new DomainError('INVALID', 'A server that is not on this machine must be reached over https: the key travels with each question.', { field: 'baseUrl', reason: 'plain-http' });
}

export function createAssistantProcedures(deps: AssistantDeps, assistant: Assistant) {
  const os = implement(assistantContract).use(declaredErrors);
  const { db, clock, outbox } = deps.ctx;
  return os.router({
    settings: os.settings.handler(() => readSetting(db, AI)),
    setSettings: os.setSettings.handler(({ input }) => {
      checkSettings(input.value, deps.prices.currency);
      return db.transaction(async (tx) => {
        const stored = await writeSetting(tx, AI, { ...input, at: clock.now() });
        await outbox.add(tx, 'settings.assistant', null);
        return stored;
      });
    }),
    status: os.status.handler(() => statusOf(deps)),
    calls: os.calls.handler(async ({ input }) => {
      const found = await listCalls(db.prisma, { ...input, limit: input.limit + 1 });
      const items = found.slice(0, input.limit).map(rowOf);
      return { items, nextCursor: found.length > input.limit ? items.at(-1)!.id : null };
    }),
    call: os.call.handler(async ({ input }) => {
      const call = await findCall(db.prisma, input.id);
      if (!call) throw new DomainError('NOT_FOUND', 'There is no such question.', { kind: 'ai-call', id: input.id });
      const kept = call.outcome === 'cached' && call.answeredBy ? ((await findCall(db.prisma, call.answeredBy)) ?? call) : call;
      const request = kept.request && { instructions: kept.request.instructions, data: kept.request.data, schemaName: kept.request.schemaName };
      return { ...rowOf(call), inputHash: call.inputHash, request, answer: kept.answer, answeredBy: call.answeredBy };
    }),
    replay: os.replay.handler(async ({ input }) => {
      const replay = await replayCall(deps, assistant, input);
      return { ...replay, differences: [...replay.differences] };
    }),
  });
}

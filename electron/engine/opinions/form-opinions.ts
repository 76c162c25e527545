import { z } from 'zod';
import { HOUR_MS } from '#kernel/time.ts';
import { formOpinion, recallOpinion, type OpinionsDeps } from './form-opinion.ts';

export const FORM_OPINIONS = 'form-opinions';
/** Those that a person is likely to look at. */
const BEST = 10;

/** Asks about the best open purchases before a person does; ends as soon as nobody can be asked. */
export function registerOpinions(deps: OpinionsDeps): void {
  deps.ctx.jobs.register({
    kind: FORM_OPINIONS, payload: z.strictObject({}),
    run: async (_payload, { signal }) => {
      if ((await deps.assistant.whyNot('opinion')) !== null) return;
      const { prisma } = deps.ctx.db;
      const best = await prisma.opportunity.findMany({ where: { state: 'open', decision: 'purchase' }, orderBy: [{ cashDayMinor: 'desc' }, { id: 'desc' }], take: BEST, select: { id: true } });
      for (const { id } of best) {
        if (signal.aborted || (await deps.assistant.whyNot('opinion')) !== null) return;
        if ((await recallOpinion(deps, prisma, id)) === null) await formOpinion(deps, id);
      }
    },
  });
}

export function scheduleOpinions({ ctx }: OpinionsDeps): Promise<void> {
  return ctx.jobs.schedule('opinions', { everyMs: HOUR_MS, jobKind: FORM_OPINIONS, payload: {} });
}

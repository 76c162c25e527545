import { implement } from '@orpc/server';
import { declaredErrors } from '#contract/errors.ts';
import { negotiationsContract } from '#contract/negotiations.ts';
import { readSetting, writeSetting } from '../settings/index.ts';
import type { AgreedBuyer, NegotiationDeps } from './deps.ts';
import { readTalkFacets } from './list-talks.ts';
import type { Negotiation } from './negotiation.ts';
import { readTalk, readTalkRow, readTalks } from './read-talks.ts';
import { NEGOTIATION_RULES } from './rules.ts';
import { proposeTalk, startTalk } from './start-talk.ts';
import { acceptPrice, buyAgreed, correctReading, endTalk, handBack, markSent, pasteAnswer, releaseText, setReview, takeOver, writeOwn } from './steer-talk.ts';

/** @param person whose consent it is: the desk's one user until there are several. */
export function createNegotiationProcedures(deps: NegotiationDeps, buyer: AgreedBuyer, person = 'owner') {
  const os = implement(negotiationsContract).use(declaredErrors);
  const { prisma } = deps.ctx.db;
  const row = async (talk: Promise<Negotiation>) => readTalkRow(prisma, (await talk).id);
  const by = person;
  return os.router({
    rules: os.rules.handler(() => readSetting(prisma, NEGOTIATION_RULES)),
    setRules: os.setRules.handler(({ input }) => deps.ctx.db.transaction(async (tx) => {
      const at = deps.ctx.clock.now();
      const stored = await writeSetting(tx, NEGOTIATION_RULES, { ...input, at });
      await deps.ctx.outbox.add(tx, 'negotiation.rules', null, {});
      return stored;
    })),
    list: os.list.handler(({ input }) => readTalks(deps.ctx.db, input)),
    facets: os.facets.handler(() => readTalkFacets(deps.ctx.db)),
    get: os.get.handler(({ input }) => readTalk(prisma, input.id)),
    propose: os.propose.handler(({ input }) => proposeTalk(deps, prisma, input.opportunityId)),
    start: os.start.handler(({ input }) => row(startTalk(deps, { ...input, by }))),
    takeOver: os.takeOver.handler(({ input }) => row(takeOver(deps, { ...input, by }))),
    handBack: os.handBack.handler(({ input }) => row(handBack(deps, { ...input, by }))),
    setReview: os.setReview.handler(({ input }) => row(setReview(deps, input))),
    release: os.release.handler(({ input }) => row(releaseText(deps, { ...input, by }))),
    write: os.write.handler(({ input }) => row(writeOwn(deps, { ...input, by }))),
    markSent: os.markSent.handler(({ input }) => row(markSent(deps, { ...input, by }))),
    paste: os.paste.handler(({ input }) => row(pasteAnswer(deps, input))),
    correct: os.correct.handler(({ input }) => row(correctReading(deps, { ...input, by }))),
    accept: os.accept.handler(({ input }) => row(acceptPrice(deps, { ...input, by }))),
    end: os.end.handler(({ input }) => row(endTalk(deps, { ...input, by }))),
    buy: os.buy.handler(({ input }) => buyAgreed(deps, buyer, { ...input, by })),
  });
}

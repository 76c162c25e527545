import type { Opinion } from '#contract/opinions.ts';
import type { Reason } from '#contract/shared.ts';
import type { EngineContext, Tx } from '#runtime/ports.ts';
import type { AnswerMeta, Assistant } from '../assistant/index.ts';
import { findProduct } from '../catalog/index.ts';
import { findOffer, requireOpportunity } from '../opportunities/index.ts';
import { opinionQuestion, type OpinionAnswer, type OpinionSubject } from './question.ts';

export interface OpinionsDeps {
  readonly ctx: EngineContext;
  readonly assistant: Assistant;
}

async function subjectOf(tx: Tx, id: string): Promise<OpinionSubject> {
  const row = await requireOpportunity(tx, id);
  const [offer, product] = [await findOffer(tx, row.offerId), await findProduct(tx, row.productId)];
  if (!offer || !product) throw new Error(`opportunity ${id} has lost its offer or product`);
  return { row, offer, product };
}

function opinionOf(value: OpinionAnswer, meta: AnswerMeta): Opinion {
  const { vendor, model, promptVersion, at, costMicro, currency, callId } = meta;
  return { ...value, vendor, model, promptVersion, at, costMicro, currency, callId };
}

/** The opinion that was given on the figures as they stand; null when there is none. Asks nobody, so that it may be read inside an approval's transaction. */
export async function recallOpinion({ assistant }: OpinionsDeps, tx: Tx, opportunityId: string): Promise<Opinion | null> {
  // most were never asked about: an approval waits for this, and one look at an index is cheaper than gathering the question
  if (!(await assistant.wasAsked(tx, opportunityId))) return null;
  const known = await assistant.recall(tx, opinionQuestion(await subjectOf(tx, opportunityId)));
  return known && opinionOf(known.value, known.meta);
}

export interface FormedOpinion { readonly opinion: Opinion | null; readonly offline: Reason | null }

export async function readOpinion(deps: OpinionsDeps, opportunityId: string): Promise<FormedOpinion> {
  const opinion = await recallOpinion(deps, deps.ctx.db.prisma, opportunityId);
  return { opinion, offline: await deps.assistant.whyNot('opinion') };
}

/** Writes nothing but the record of the question: decision, figures and limits of the opportunity are what they were. */
export async function formOpinion(deps: OpinionsDeps, opportunityId: string): Promise<FormedOpinion> {
  const asked = await deps.assistant.ask(opinionQuestion(await subjectOf(deps.ctx.db.prisma, opportunityId)));
  if ('offline' in asked) return { opinion: null, offline: asked.offline };
  return { opinion: opinionOf(asked.value, asked.meta), offline: null };
}

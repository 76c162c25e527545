import type { Risk } from '#contract/opportunities.ts';
import { titlePackSize, type ProductRecord, type RestrictionAnswer, type StoredSnapshot } from '#engine/catalog/index.ts';
import type { DecisionResult } from '#engine/pricing/index.ts';
import { BRAND_LIST } from './brand-risk.ts';
import type { OfferRecord } from './repo.ts';
import { feedbackRisk } from './seller-feedback.ts';

/** Changes with what is told of a risk: what was judged before is judged anew, and tells it too. */
export const RISKS_VERSION = 1;

/** What is read of an evaluation's input: see there. */
interface Seen {
  readonly offer: OfferRecord;
  readonly product: ProductRecord;
  readonly snapshot: StoredSnapshot;
  readonly packBy: 'weight' | 'price' | null;
  readonly restriction: RestrictionAnswer | null;
  readonly guard: { readonly asked: number; readonly refused: number } | null;
  readonly at: number;
}

type Where = Pick<Risk, 'kind' | 'source' | 'asOf' | 'url' | 'evidence'>;

/** Figures that fall short of a limit are reasons, and no risks of the thing; a seller's record is told as it stands when it is looked at. */
const NO_RISK = /^(profit|roi|loss|ceiling|offer|confidence|days|seller)\./;

const amazonSaid = (input: Seen, url: string | null = null): Where => ({ kind: 'answer', source: 'amazon-sp-api', asOf: input.restriction?.at ?? input.at, url, evidence: 'restriction' });
const keepaSaid = ({ snapshot }: Seen): Where => ({ kind: 'answer', source: 'keepa', asOf: snapshot.fetchedAt, url: null, evidence: 'market-history' });
const pageSaid = ({ offer }: Seen): Where => ({ kind: 'page', source: 'source', asOf: offer.lastSeenAt, url: offer.url, evidence: 'offer' });
const owner = (at: number): Where => ({ kind: 'rule', source: 'limits', asOf: at, url: null, evidence: null });
const program = (at: number): Where => ({ kind: 'rule', source: 'program', asOf: at, url: null, evidence: 'identity' });

/** Who says so: by the first words of the decision's code. */
function whereOf(code: string, input: Seen): Where {
  if (code === 'brand.ip-risk') return { kind: 'list', source: BRAND_LIST.source, asOf: BRAND_LIST.at, url: null, evidence: null };
  if (code.startsWith('restriction.')) return amazonSaid(input);
  if (code.startsWith('limit.')) return owner(input.at);
  if (code.startsWith('product.') || code.startsWith('price.')) return keepaSaid(input);
  return code.startsWith('pack.') ? pageSaid(input) : program(input.at);
}

/** What a decision holds against the thing itself, and what vendors, lists and pages said of it: each with who said so, when, and where it can be looked up. */
export function stateRisks(input: Seen, decision: DecisionResult): Risk[] {
  const { snapshot, offer, guard, product } = input;
  const risks: Risk[] = decision.reasons
    .filter((r) => r.kind === 'block' || (r.kind === 'against' && !NO_RISK.test(r.code)))
    .map((r) => ({ code: r.code, data: { ...r.data }, severity: r.kind === 'block' ? 'block' : 'warning', ...whereOf(r.code, input) }));
  for (const { code, message, link } of input.restriction?.reasons ?? []) risks.push({ code: `amazon.${code}`, data: { message }, severity: 'warning', ...amazonSaid(input, link ?? null) });
  if (guard !== null && guard.asked > 0 && guard.refused === guard.asked) risks.push({ code: 'brand.guarded', data: { brand: product.brand, asked: guard.asked }, severity: 'warning', ...amazonSaid(input) });
  if (snapshot.facts.hazards.length > 0) risks.push({ code: 'product.hazmat', data: { hazards: snapshot.facts.hazards }, severity: 'block', ...keepaSaid(input) });
  // sold openly, but the lowest price of the new ones is not to be seen
  if (snapshot.facts.newPriceHidden && snapshot.facts.kind !== 'price-hidden') risks.push({ code: 'price.map', data: {}, severity: 'warning', ...keepaSaid(input) });
  if (input.packBy !== null) risks.push({ code: input.packBy === 'price' && titlePackSize(product.title) === 1 ? 'pack.piece-by-price' : `pack.by-${input.packBy}`, data: { pieces: titlePackSize(product.title) }, severity: 'warning', ...program(input.at), url: offer.url });
  if (offer.identifierNote) risks.push({ code: 'identity.repaired', data: { note: offer.identifierNote }, severity: 'info', ...pageSaid(input) });
  const feedback = feedbackRisk(offer);
  if (feedback !== null) risks.push(feedback);
  return [...new Map(risks.map((r) => [r.code, r])).values()];
}

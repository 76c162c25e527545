import type { CheckedLine, PlainText, TextLanguage } from '#contract/listing-texts.ts';
import type { Reason } from '#contract/shared.ts';
import { DomainError } from '#kernel/errors.ts';
import { changeListing, loadListing, loadVersion } from '../advance-listing.ts';
import type { ListingsDeps } from '../deps.ts';
import { wrongState } from '../errors.ts';
import type { Listing } from '../listing.ts';
import { checkText, keepTraced, renderDescription, type CheckGiven } from './check-text.ts';
import { textLimits, type TextLimits } from './rules.ts';
import { insertText, savedTexts, type SavedText } from './text-store.ts';
import { writeTemplate } from './write-template.ts';
import type { ListingWriterPort } from './writer-port.ts';

/** Carries new words to a channel where the listing runs. */
export const REWRITE_WORKFLOW = 'rewrite-listing';
const RUNNING: ReadonlySet<string> = new Set(['active', 'sold-out', 'publishing']);
const OVER: ReadonlySet<string> = new Set(['ended', 'ending']);

export interface TextDeps {
  readonly listings: ListingsDeps;
  readonly writer: ListingWriterPort;
}

export interface TextView {
  readonly language: TextLanguage;
  readonly text: PlainText;
  readonly checked: readonly CheckedLine[];
  readonly vouched: readonly string[];
  readonly limits: TextLimits;
  readonly saved: readonly SavedText[];
  /** Why no language model is asked now; null where one is. */
  readonly assistant: Reason | null;
}

async function checkFor({ listings }: TextDeps, listing: Listing, given: { readonly language: TextLanguage; readonly vouched: readonly string[] }): Promise<CheckGiven> {
  const facts = await listings.products.facts(listing.productId, listing.channel);
  const limits = textLimits(listing.channel, listings.channels.get(listing.channel)?.port.limits);
  return { about: { facts, condition: listing.condition, vouched: given.vouched }, language: given.language, limits, market: listing.channel };
}

/** The words that hold: the saved ones, else the template's as they were published. @throws DomainError NOT_FOUND. */
export async function readText(deps: TextDeps, id: string): Promise<TextView> {
  const { prisma } = deps.listings.ctx.db;
  const listing = await loadListing(prisma, id);
  const [saved, assistant] = await Promise.all([savedTexts(prisma, id), deps.writer.whyNot()]);
  const newest = saved[0];
  const { language, vouched } = newest ?? { language: 'en' as const, vouched: [] };
  const given = await checkFor(deps, listing, { language, vouched });
  const text = newest?.text ?? { ...writeTemplate(given.about, given), title: listing.title };
  return { language, text, vouched, saved, assistant, limits: given.limits, checked: checkText(text, given) };
}

export interface Proposal {
  readonly text: PlainText;
  /** Also the lines that were left out, with the reason. */
  readonly checked: readonly CheckedLine[];
  readonly writtenBy: 'template' | 'assistant';
  readonly instead: Reason | null;
}

/** What a model is told: what a fact is called, and the fact. */
function toldFacts({ about }: CheckGiven): { name: string; value: string }[] {
  const { facts, condition } = about;
  return [
    { name: 'title', value: facts.title }, { name: 'condition', value: condition.replaceAll('-', ' ') }, ...(facts.brand === null ? [] : [{ name: 'brand', value: facts.brand }]), ...(facts.mpn === null ? [] : [{ name: 'part number', value: facts.mpn }]),
    ...Object.entries(facts.aspects).flatMap(([name, values]) => values.map((value) => ({ name, value }))),
  ];
}

/** Words to look at. A model's stand only as far as each line is traced; where too little is left, the template stands. */
export async function proposeText(deps: TextDeps, input: { readonly id: string; readonly language: TextLanguage; readonly by: 'template' | 'assistant' }, signal?: AbortSignal): Promise<Proposal> {
  const listing = await loadListing(deps.listings.ctx.db.prisma, input.id);
  const given = await checkFor(deps, listing, { language: input.language, vouched: [] });
  const template = writeTemplate(given.about, given);
  const plain = (instead: Reason | null, extra: readonly CheckedLine[] = []): Proposal => ({ text: template, checked: [...checkText(template, given), ...extra], writtenBy: 'template', instead });
  if (input.by === 'template') return plain(null);
  const written = await deps.writer.write({ listingId: listing.id, language: input.language, limits: given.limits, facts: toldFacts(given), template }, signal);
  if ('offline' in written) return plain(written.offline);
  const kept = keepTraced(written, given);
  if (!kept) return plain({ code: 'text.nothing-left', data: {} }, checkText(written, given).filter((line) => line.refusal !== null));
  return { ...kept, writtenBy: 'assistant', instead: null };
}

export async function checkWords(deps: TextDeps, input: { readonly id: string; readonly language: TextLanguage; readonly text: PlainText; readonly vouched: readonly string[] }): Promise<{ checked: CheckedLine[]; html: string }> {
  const listing = await loadListing(deps.listings.ctx.db.prisma, input.id);
  return { checked: checkText(input.text, await checkFor(deps, listing, input)), html: renderDescription(input.text, input.language) };
}

/** @throws DomainError NOT_FOUND, WRONG_STATE, TEXT_REFUSED. */
export async function saveText(deps: TextDeps, input: { readonly id: string; readonly version: number; readonly language: TextLanguage; readonly text: PlainText; readonly vouched: readonly string[]; readonly writtenBy: SavedText['writtenBy'] }): Promise<{ number: number; sending: boolean }> {
  const { ctx } = deps.listings;
  const seen = await loadVersion(ctx.db.prisma, input.id, input.version);
  const checked = checkText(input.text, await checkFor(deps, seen, input));
  if (checked.some((line) => line.refusal !== null)) throw new DomainError('TEXT_REFUSED', 'A line may not be said.', { checked });
  return ctx.db.transaction(async (tx) => {
    const listing = await loadVersion(tx, input.id, input.version);
    if (OVER.has(listing.state)) throw wrongState(listing.state);
    const number = ((await savedTexts(tx, listing.id, 1))[0]?.number ?? 0) + 1;
    const { language, text, vouched, writtenBy } = input;
    await insertText(tx, { id: ctx.ids.next('event'), listingId: listing.id, number, language, text, checked, vouched, writtenBy, at: ctx.clock.now() });
    const title = text.title.trim();
    const changed = await changeListing(deps.listings, tx, listing, { kind: 'text', change: { title, description: renderDescription(text, language) }, data: { number, language, writtenBy } });
    const sending = RUNNING.has(listing.state);
    if (sending) await ctx.workflows.start(tx, REWRITE_WORKFLOW, `${REWRITE_WORKFLOW}:${listing.id}:${changed.version}`, { listingId: listing.id });
    return { number, sending };
  });
}

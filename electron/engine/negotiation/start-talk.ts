import { createHash } from 'node:crypto';
import { DomainError } from '#kernel/errors.ts';
import type { MessageLanguage } from '#kernel/detect-language.ts';
import { money, type Money } from '#kernel/money.ts';
import { DAY_MS } from '#kernel/time.ts';
import type { Tx } from '#runtime/ports.ts';
import type { Reason } from '#contract/shared.ts';
import { KILL_SWITCH, readSetting } from '../settings/index.ts';
import { senderName } from './compose-text.ts';
import type { NegotiationDeps } from './deps.ts';
import { badTalkField } from './errors.ts';
import { localMinute } from './message/index.ts';
import type { Negotiation } from './negotiation.ts';
import type { ChannelId, SendingChannelId, TalkTerms } from './ports.ts';
import { findOpenTalk, hasOptedOut, insertTalk } from './repo.ts';
import { NEGOTIATION_RULES } from './rules.ts';
import { loadTalk, note, TALK_DUE } from './shift-talk.ts';

export interface StartTalk {
  readonly opportunityId: string;
  /** The version that the person saw. */
  readonly opportunityVersion: number;
  /** For one offer, in its currency. */
  readonly ceiling: Money;
  readonly channel: ChannelId;
  readonly recipient: string;
  readonly language: MessageLanguage;
  readonly timeZone: string;
  readonly review: boolean;
  readonly by: string;
}

/** Language and zone that sellers who ask in a currency most likely have; the person may say otherwise. Assumption of this program. */
const PLACES: Readonly<Record<string, { readonly language: MessageLanguage; readonly timeZone: string }>> = {
  DZD: { language: 'fr', timeZone: 'Africa/Algiers' }, EUR: { language: 'fr', timeZone: 'Europe/Paris' }, GBP: { language: 'en', timeZone: 'Europe/London' }, ZWG: { language: 'sn', timeZone: 'Africa/Harare' }, USD: { language: 'en', timeZone: 'America/New_York' },
};

export async function proposeTalk(deps: NegotiationDeps, tx: Tx, opportunityId: string) {
  const terms = await deps.opportunities.terms(tx, opportunityId);
  const blockedBy: Reason[] = [];
  if (!terms.open) blockedBy.push({ code: 'talk.opportunity-closed', data: {} });
  if (!terms.ceiling) blockedBy.push({ code: 'talk.no-ceiling', data: {} });
  if ((await senderName(tx)) === '') blockedBy.push({ code: 'talk.name-missing', data: {} });
  if ((await readSetting(tx, KILL_SWITCH)).value.on) blockedBy.push({ code: 'purchase.kill-switch', data: {} });
  const place = PLACES[terms.asked.currency] ?? PLACES['USD']!;
  const known = deps.contacts?.(terms) ?? {};
  const ids: readonly ChannelId[] = ['email', 'sms', 'ebay', 'by-hand'];
  return {
    opportunityId, version: terms.version, title: terms.title, sellerName: terms.sellerName, asked: terms.asked, offerUrl: terms.offerUrl, ceiling: terms.ceiling, ...place, blockedBy,
    channels: ids.map((id) => ({ id, connected: id === 'by-hand' || deps.channels.get(id) !== null, recipient: id === 'by-hand' ? '' : (known[id] ?? (id === 'ebay' && terms.sourceKind.startsWith('ebay') ? (terms.sellerName ?? '') : '')) })),
  };
}

const sellerKeyOf = (terms: TalkTerms, channel: ChannelId, recipient: string): string =>
  channel === 'by-hand' ? `${terms.sourceId}/${(terms.sellerName ?? terms.offerExternalId).normalize('NFKC').trim().toLowerCase()}` : `${channel}:${recipient}`;

function addressOf(deps: NegotiationDeps, input: StartTalk): string {
  if (input.channel === 'by-hand') return '';
  const channel = deps.channels.get(input.channel as SendingChannelId);
  if (!channel) throw badTalkField('channel', 'its account is not connected');
  return channel.address(input.recipient);
}

function checkZone(timeZone: string, now: number): void {
  try {
    localMinute(now, timeZone);
  } catch {
    throw badTalkField('timeZone', 'no such time zone');
  }
}

function checkTerms(terms: TalkTerms, input: StartTalk): void {
  if (!terms.open) throw new DomainError('NOT_OPEN', 'The opportunity is no longer open.', { state: 'closed' });
  if (terms.version !== input.opportunityVersion) throw new DomainError('STALE', 'The opportunity changed since it was shown.', { version: terms.version });
  if (input.ceiling.currency !== terms.asked.currency) throw badTalkField('ceiling', `the offer is in ${terms.asked.currency}`);
  if (input.ceiling.minor <= 0) throw badTalkField('ceiling', 'it is more than nothing');
  if (!terms.ceiling || input.ceiling.minor > terms.ceiling.minor) throw new DomainError('LIMIT', 'A limit does not allow this.', { reasons: [{ code: terms.ceiling ? 'talk.above-estimate' : 'talk.no-ceiling', data: terms.ceiling ? { most: terms.ceiling } : {} }] });
}

/**
 * A person approves a ceiling, and the talk begins. What they saw is frozen with it. The approval allows talking up to the ceiling and nothing else: what is agreed is
 * bought by an approval of its own.
 * @throws DomainError NOT_FOUND, STALE, NOT_OPEN, LIMIT, KILL_SWITCH, INVALID.
 */
export async function startTalk(deps: NegotiationDeps, input: StartTalk): Promise<Negotiation> {
  const { db, clock, ids, jobs, outbox } = deps.ctx;
  return db.transaction(async (tx) => {
    const standing = await findOpenTalk(tx, input.opportunityId);
    if (standing) return standing;
    if ((await readSetting(tx, KILL_SWITCH)).value.on) throw new DomainError('KILL_SWITCH', 'The kill switch is on: nothing goes out.', {});
    const terms = await deps.opportunities.terms(tx, input.opportunityId);
    checkTerms(terms, input);
    const at = clock.now();
    checkZone(input.timeZone, at);
    if ((await senderName(tx)) === '') throw badTalkField('name', 'sellers are told who writes: enter the name of the business in the settings first');
    const recipient = addressOf(deps, input);
    const sellerKey = sellerKeyOf(terms, input.channel, recipient);
    if (await hasOptedOut(tx, { channel: input.channel, recipient: recipient || sellerKey, sellerKey })) throw badTalkField('recipient', 'this seller asked not to be written to any more');
    const rules = (await readSetting(tx, NEGOTIATION_RULES)).value;
    const evidence = JSON.stringify({ ...terms, ceilingApproved: input.ceiling, rules });
    const talk: Negotiation = {
      id: ids.next('negotiation'), opportunityId: terms.opportunityId, sourceId: terms.sourceId, sourceName: terms.sourceName, sourceKind: terms.sourceKind, offerExternalId: terms.offerExternalId, offerUrl: terms.offerUrl, title: terms.title, sellerName: terms.sellerName, sellerKey,
      channel: input.channel, recipient, language: input.language, timeZone: input.timeZone, state: 'drafted', currency: terms.asked.currency, askedMinor: terms.asked.minor, ceilingMinor: input.ceiling.minor, workingMinor: input.ceiling.minor,
      mostOffers: rules.mostOffers, turns: [], review: input.review, agreedMinor: null, endReason: null, nextStep: 'decide', nextAt: at, reminded: false, evidence, evidenceSha256: createHash('sha256').update(evidence).digest('hex'), approvedBy: input.by, approvedAt: at,
      expiresAt: at + rules.approvalDays * DAY_MS, reasoning: null, purchaseId: null, createdAt: at, updatedAt: at, endedAt: null, version: 1,
    };
    await insertTalk(tx, talk);
    await note(deps, tx, talk.id, { kind: 'started', data: { by: input.by, ceiling: money(talk.ceilingMinor, talk.currency), channel: talk.channel } });
    await jobs.add(tx, { kind: TALK_DUE, payload: { id: talk.id }, runAt: at, uniqueKey: `${TALK_DUE}:${talk.id}:${at}` });
    await deps.ctx.audit.append(tx, { actor: input.by, channel: 'desktop', action: 'negotiation.ceiling-approved', subject: talk.id, data: { opportunityId: talk.opportunityId, ceiling: input.ceiling, evidenceSha256: talk.evidenceSha256 } });
    await outbox.add(tx, 'negotiation.drafted', talk.id, { opportunityId: talk.opportunityId });
    return loadTalk(tx, talk.id);
  });
}

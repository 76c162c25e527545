import { implement } from '@orpc/server';
import { negotiationsContract, type TalkDetail, type TalkRow } from '#contract/negotiations.ts';
import { FACETS } from './fixture-facets.ts';
import * as data from './fixture-data.ts';

const HOUR = 3_600_000;
const usd = (minor: number) => ({ minor, currency: 'USD' });
const STATES: readonly TalkRow['state'][] = ['drafted', 'needs-person', 'awaiting-reply', 'taken-over', 'agreed', 'deciding', 'walked-away', 'timed-out', 'unavailable', 'opted-out'];
const CHANNELS: readonly TalkRow['channel'][] = ['sms', 'email', 'ebay', 'by-hand'];

function rowAt(n: number, title: string): TalkRow {
  const state = STATES[n % STATES.length]!;
  const asked = 18_000 + n * 700;
  const going = ['drafted', 'awaiting-reply', 'deciding'].includes(state);
  const channel = CHANNELS[n % CHANNELS.length]!;
  return {
    id: `neg_${String(n).padStart(6, '0')}`, title, state, channel, sourceName: 'Ouedkniss', sellerName: ['Karima B.', 'old_treasures', 'Tendai Moyo', null][n % 4]!, recipient: { sms: '+213555123456', email: 'karima@example.org', ebay: 'old_treasures', 'by-hand': '' }[channel],
    asked: usd(asked), ourLast: state === 'drafted' ? null : usd(Math.round(asked * 0.78)), theirLast: state === 'drafted' || state === 'awaiting-reply' ? null : usd(Math.round(asked * 0.9)), agreed: state === 'agreed' ? usd(Math.round(asked * 0.86)) : null, ceiling: usd(Math.round(asked * 0.92)),
    nextStep: state === 'drafted' ? 'send' : going ? (state === 'deciding' ? 'decide' : 'remind') : null, nextAt: going ? data.FIXTURE_NOW + (n + 2) * HOUR : null, needsYou: state === 'needs-person' || state === 'agreed', purchaseId: null, updatedAt: data.FIXTURE_NOW - n * HOUR, version: 3,
  };
}

function detailOf(row: TalkRow): TalkDetail {
  const at = data.FIXTURE_NOW - 20 * HOUR;
  const reasoning: NonNullable<TalkDetail['reasoning']> = {
    move: 'offer', amount: usd(Math.round(row.asked.minor * 0.82)), reason: 'counter', chanceBp: 4_150, working: row.ceiling, offersMade: 1, mostOffers: 6, ownTalks: 14, historyVersion: 14, at: at + 2 * HOUR,
    curve: Array.from({ length: 13 }, (_, i) => ({ price: usd(Math.round((row.asked.minor * (60 + i * 3.3)) / 100)), chanceBp: 600 + i * 640 })),
  };
  const message = (n: number, part: Partial<TalkDetail['messages'][number]>): TalkDetail['messages'][number] => ({
    id: `msg_${n}`, direction: 'out', state: 'sent', author: 'strategy', kind: 'opening', text: '', language: 'en', amount: null, reading: null, correctedBy: null, reasoning: null, error: null, sentAt: at + n * HOUR, deliveredAt: null, createdAt: at + n * HOUR, ...part,
  });
  return {
    ...row, opportunityId: 'opp_000003', offerUrl: 'https://example.org/offer', language: 'fr', timeZone: 'Africa/Algiers', review: true, working: row.ceiling, endReason: row.state === 'needs-person' ? { code: 'talk.doubtful', data: { doubt: 'several-amounts' } } : null,
    approvedBy: 'owner', approvedAt: at, expiresAt: at + 14 * 24 * HOUR, evidenceSha256: '3f'.repeat(32), reasoning: row.state === 'drafted' ? null : reasoning,
    messages: [
      message(1, { text: `Bonjour, votre article m’intéresse. Accepteriez-vous ${(row.asked.minor * 0.78) / 100} USD ?\n\nPractice Reseller (envoyé avec l’aide de Resale Desk ; répondez STOP pour ne plus rien recevoir)`, amount: row.ourLast, language: 'fr' }),
      message(3, { direction: 'in', state: 'received', author: 'seller', kind: 'answer', text: 'Non, 165 ou 170, mon cousin en a vendu un 180', language: 'fr', reading: { intent: null, amount: null, reason: 'several-amounts', confidence: 'low', language: 'fr' } }),
      message(5, { state: row.channel === 'by-hand' ? 'by-hand' : 'draft', kind: 'counter', author: 'ai', text: 'Merci. Est-ce que 148 USD vous conviendrait ?\n\nPractice Reseller (envoyé avec l’aide de Resale Desk ; répondez STOP pour ne plus rien recevoir)', amount: usd(14_800), language: 'fr', sentAt: null, reasoning }),
    ],
    events: [{ id: 'evt_1', kind: 'started', data: { by: 'owner', ceiling: row.ceiling, channel: row.channel }, at }, { id: 'evt_2', kind: 'sent', data: { messageId: 'msg_1', kind: 'opening', amount: row.ourLast ?? usd(1) }, at: at + HOUR }, { id: 'evt_3', kind: 'answer', data: { messageId: 'msg_3', doubt: 'several-amounts' }, at: at + 3 * HOUR }],
  };
}

/** @param state what the desk's test wants: nothing at all, and answers that wait or fail. */
export function negotiationProcedures(state: { readonly empty: () => boolean; readonly gate: () => Promise<void>; readonly calls: string[] }) {
  const os = implement(negotiationsContract);
  const titles = data.opportunityRows(50);
  const rows = Array.from({ length: 120 }, (_, n) => rowAt(n, titles[n % 50]!.title));
  const find = (id: string) => rows.find((row) => row.id === id) ?? rows[0]!;
  const did = (name: string, id: string, to: TalkRow['state']): TalkRow => {
    state.calls.push(`${name}:${id}`);
    const index = rows.findIndex((row) => row.id === id);
    rows[index] = { ...find(id), state: to, needsYou: false, version: find(id).version + 1 };
    return rows[index];
  };
  let rules = { value: { quietFromMinute: 1_260, quietToMinute: 480, leastGapMs: 600_000, mostPerDay: 6, mostOffers: 6, replyWaitMs: 172_800_000, closeWaitMs: 259_200_000, approvalDays: 14 }, version: 0, updatedAt: 0 };
  return os.router({
    rules: os.rules.handler(() => rules),
    setRules: os.setRules.handler(({ input }) => (rules = { value: input.value, version: input.version + 1, updatedAt: 0 })),
    list: os.list.handler(async ({ input }) => {
      await state.gate();
      const found = state.empty() ? [] : rows.filter((row) => (!input.state || row.state === input.state) && (!input.search || row.title.toLowerCase().includes(input.search.toLowerCase())));
      const from = input.cursor ? found.findIndex((row) => row.id === input.cursor) + 1 : 0;
      const items = found.slice(from, from + input.limit);
      return { items, nextCursor: from + input.limit < found.length ? items.at(-1)!.id : null, total: { count: found.length, capped: false } };
    }),
    facets: os.facets.handler(() => FACETS.negotiations),
    get: os.get.handler(async ({ input }) => {
      await state.gate();
      return detailOf(find(input.id));
    }),
    propose: os.propose.handler(({ input }) => ({
      opportunityId: input.opportunityId, version: 1, title: titles[3]!.title, sellerName: 'Karima B.', asked: usd(18_000), offerUrl: 'https://example.org/offer', ceiling: usd(16_500), language: 'fr' as const, timeZone: 'Africa/Algiers', blockedBy: [],
      channels: [{ id: 'email' as const, connected: true, recipient: '' }, { id: 'sms' as const, connected: true, recipient: '' }, { id: 'ebay' as const, connected: false, recipient: '' }, { id: 'by-hand' as const, connected: true, recipient: '' }],
    })),
    start: os.start.handler(({ input }) => { state.calls.push(`start-talk:${input.channel}:${input.recipient}:${input.ceiling.minor}:${input.review}`); return rows[0]!; }),
    takeOver: os.takeOver.handler(({ input }) => did('take-over', input.id, 'taken-over')),
    handBack: os.handBack.handler(({ input }) => did('hand-back', input.id, 'deciding')),
    setReview: os.setReview.handler(({ input }) => did('review', input.id, find(input.id).state)),
    release: os.release.handler(({ input }) => did(`release:${input.text ?? ''}`, input.id, find(input.id).state)),
    write: os.write.handler(({ input }) => did('write', input.id, 'taken-over')),
    markSent: os.markSent.handler(({ input }) => did('mark-sent', input.id, 'awaiting-reply')),
    paste: os.paste.handler(({ input }) => did('paste', input.id, 'deciding')),
    correct: os.correct.handler(({ input }) => did(`correct:${input.intent}:${input.amount?.minor ?? ''}`, input.id, 'deciding')),
    accept: os.accept.handler(({ input }) => did('accept-price', input.id, find(input.id).state)),
    end: os.end.handler(({ input }) => did('end-talk', input.id, input.outcome)),
    buy: os.buy.handler(({ input }) => { state.calls.push(`buy-agreed:${input.id}`); return { purchaseId: 'pur_000000' }; }),
  });
}

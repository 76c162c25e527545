import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { money } from '#kernel/money.ts';
import { SELLER_LANGUAGES, speak, type SellerLanguage } from '#practice/negotiation/speak.ts';
import { seededRandom } from '#kernel/random.ts';
import { readOffer } from './read-offer/index.ts';
import { canBecome, isEnd, TALK_TRANSITIONS, type TalkState } from './strategy/index.ts';
import { stripQuoted } from './strip-quoted.ts';

const STATES = Object.keys(TALK_TRANSITIONS) as TalkState[];

describe('the states of a talk', () => {
  it('are all reached from the first, and every one that is no end leads to each end that a person may choose', () => {
    const reached = new Set<TalkState>(['drafted']);
    for (const state of reached) for (const next of TALK_TRANSITIONS[state]) reached.add(next);
    expect([...reached].toSorted()).toEqual([...STATES].toSorted());
    for (const state of STATES.filter((s) => !isEnd(s))) for (const end of ['agreed', 'walked-away', 'rejected', 'unavailable', 'opted-out'] as const) expect(canBecome(state, end), `${state} to ${end}`).toBe(true);
  });
  it('end for good, and can be taken over from wherever they have not ended', () => {
    fc.assert(fc.property(fc.array(fc.constantFrom(...STATES), { maxLength: 40 }), (wishes) => {
      let state: TalkState = 'drafted';
      let ended = false;
      for (const wish of wishes) {
        if (canBecome(state, wish)) {
          expect(ended).toBe(false);
          state = wish;
        }
        ended = isEnd(state);
        if (!ended && state !== 'taken-over') expect(canBecome(state, 'taken-over')).toBe(true);
      }
    }));
  });
});

describe('stripQuoted', () => {
  it.each([
    ['165 is fine\n\nOn Mon, 2 Nov 2026 at 15:00, Amina <a@b.invalid> wrote:\n> I offer 128 USD', '165 is fine'],
    ['Non, 170\n\nLe lun. 2 nov. 2026 à 15:00, Amina a écrit :\n> 128 USD', 'Non, 170'],
    ['ok\n-- \nKarima\n+213555000000', 'ok'],
    ['170\n----- Original message -----\n128 USD', '170'],
    ['> I offer 128 USD\n170 and it is yours', '170 and it is yours'],
    ['موافق\n\nفي 2 نوفمبر كتب Amina:\n> 128 USD', 'موافق'],
  ])('keeps what the seller wrote: %j', (text, own) => expect(stripQuoted(text)).toBe(own));
  it('is total, and leaves nothing of a text that only quotes: our own price is never read back as theirs', () => {
    expect(stripQuoted('> I offer 128 USD\n')).toBe('');
    expect(stripQuoted('On Mon, 2 Nov 2026 at 15:00, Amina <a@b.invalid> wrote:\n> I offer 128 USD')).toBe('');
    fc.assert(fc.property(fc.string({ maxLength: 400 }), (text) => {
      for (const line of stripQuoted(text).split('\n').slice(1)) expect(line.trimStart().startsWith('>')).toBe(false);
    }));
  });
});

describe('practice sellers', () => {
  it('are understood in every language and wording', () => {
    const ourOffer = money(12_800, 'USD');
    const wrong: string[] = [];
    for (const language of SELLER_LANGUAGES) for (let seed = 0; seed < 12; seed++) {
      const voice = { language: language as SellerLanguage, currency: 'USD', random: seededRandom(seed) };
      for (const kind of ['accept', 'refusal', 'price', 'last-price'] as const) {
        const text = speak(kind === 'price' || kind === 'last-price' ? { kind, amountMinor: 16_450 } : { kind }, voice);
        const reading = readOffer(text, { expected: 'USD', asked: money(20_000, 'USD'), ourOffer });
        const right = kind === 'accept' ? reading.intent === 'accept' : kind === 'refusal' ? reading.intent === 'reject' : (reading.intent === 'counter' || reading.intent === 'last-price') && reading.amount?.minor === 16_450;
        if (!right) wrong.push(`${text} → ${JSON.stringify(reading)}`);
      }
    }
    expect([...new Set(wrong)]).toEqual([]);
  });
});

import type { implement } from '@orpc/server';
import type { contract } from '#contract/index.ts';
import type { PlainText } from '#contract/listing-texts.ts';
import { FIXTURE_NOW } from './fixture-data.ts';

type Os = ReturnType<typeof implement<typeof contract>>;

const TEXT: PlainText = { title: 'Anker PowerPort 65W USB-C Charger A2663', lines: ['Anker PowerPort 65W USB-C Charger', 'Condition: New', 'Brand: Anker', 'Part number: A2663'], bullets: [], conditionNote: '' };
const checked = (text: PlainText) => [{ part: 'title' as const, text: text.title, facts: ['title', 'mpn'], refusal: null, vouchable: false }, ...text.lines.map((line) => ({ part: 'line' as const, text: line, facts: ['title'], refusal: null, vouchable: false }))];
const limits = { title: 80, description: 4_000, bullets: 0, bulletCharacters: 0, conditionNote: 1_000, source: 'assumption', confidence: 'low' as const };

const photo = (id: string, lotId: string) => ({ id, lotId, name: 'front.jpg', position: 1, width: 500, height: 500, bytes: 40_000, useOriginal: false, findings: [], removed: false, createdAt: FIXTURE_NOW });

/** Words, pictures and goods by hand, as the window asks for them. */
export function goodsProcedures(os: Os) {
  return {
    listingTexts: {
      get: os.listingTexts.get.handler(() => ({ language: 'en' as const, text: TEXT, checked: checked(TEXT), vouched: [], limits, saved: [], assistant: { code: 'ai.off', data: {} } })),
      propose: os.listingTexts.propose.handler(() => ({ text: TEXT, checked: checked(TEXT), writtenBy: 'template' as const, instead: null })),
      check: os.listingTexts.check.handler(({ input }) => ({ checked: checked(input.text), html: '' })),
      save: os.listingTexts.save.handler(() => ({ number: 1, sending: false })),
    },
    lotPhotos: {
      list: os.lotPhotos.list.handler(() => ({ photos: [], most: 24 })),
      begin: os.lotPhotos.begin.handler(() => ({ upload: 'evt_1' })),
      append: os.lotPhotos.append.handler(({ input }) => ({ received: input.at })),
      add: os.lotPhotos.add.handler(({ input }) => photo('pho_1', input.lotId)),
      arrange: os.lotPhotos.arrange.handler(() => ({ photos: [], most: 24 })),
      remove: os.lotPhotos.remove.handler(({ input }) => ({ ...photo(input.id, 'lot_1'), removed: true })),
      restore: os.lotPhotos.restore.handler(({ input }) => photo(input.id, 'lot_1')),
      choose: os.lotPhotos.choose.handler(({ input }) => ({ ...photo(input.id, 'lot_1'), useOriginal: input.useOriginal })),
      picture: os.lotPhotos.picture.handler(() => ({ contentBase64: '' })),
    },
    stockByHand: {
      read: os.stockByHand.read.handler(() => ({ codes: [] })),
      find: os.stockByHand.find.handler(({ input }) => ({ text: input.code, format: 'typed', gtin: null, product: null })),
      add: os.stockByHand.add.handler(() => ({ lotId: 'lot_1', existed: false })),
    },
  };
}

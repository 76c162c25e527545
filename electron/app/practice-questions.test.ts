import { expect, it } from 'vitest';
import type { DeskClient } from './compose.ts';
import { ChannelQuestions } from './practice-questions.ts';

const QUESTIONS = ['Who made it', 'When it was made', 'What it is'];
const shelf = (id: string, path: string, missing: readonly string[] = QUESTIONS) => ({ id, path, missing });
const LISTINGS = [shelf('ring', 'Jewelry'), shelf('drill', 'Tools'), shelf('lamp', 'Home and kitchen'), shelf('sized', 'Clothing', ['Size', ...QUESTIONS])];

const of = (id: string) => LISTINGS.find((one) => one.id === id)!;

it('answers what a channel asks of supplies, each listing once and over all pages, and leaves the rest as it is', async () => {
  const done: string[] = [];
  const versions = new Map<string, number>();
  const listings = {
    list: ({ cursor }: { cursor?: string }) => Promise.resolve({ items: [{ id: LISTINGS[Number(cursor ?? 0)]!.id, stopReason: { code: 'listing.aspects-missing', data: {} } }, { id: `priced-${cursor}`, stopReason: { code: 'listing.below-floor', data: {} } }], nextCursor: Number(cursor ?? 0) + 1 < LISTINGS.length ? String(Number(cursor ?? 0) + 1) : null }),
    category: ({ id }: { id: string }) => (done.push(`read ${id}`), Promise.resolve({ category: { id: `leaf-${id}`, path: [of(id).path], missing: of(id).missing } })),
    get: ({ id }: { id: string }) => Promise.resolve({ version: versions.get(id) ?? 1 }),
    setCategory: ({ id, categoryId, aspects }: { id: string; categoryId: string; aspects: object }) => {
      versions.set(id, 2);
      done.push(`say ${categoryId} ${Object.keys(aspects).join()}`);
      return Promise.resolve({});
    },
    retry: ({ id, version }: { id: string; version: number }) => (done.push(`retry ${id} ${version}`), Promise.resolve({})),
  };
  const person = new ChannelQuestions();
  const client = { listings } as unknown as DeskClient;
  await person.answer(client);
  await person.answer(client);
  expect(done).toEqual(['read ring', `say leaf-ring ${QUESTIONS.join()}`, 'retry ring 2', 'read drill', 'read lamp', `say leaf-lamp ${QUESTIONS.join()}`, 'retry lamp 2', 'read sized']);
});

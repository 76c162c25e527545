import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { listSources, removeSource } from '#engine/sources/index.ts';
import { openOfferDesk, type OfferDesk } from '#tests/support/offer-desk.ts';
import type { PracticeWiring } from './options.ts';
import { syncPracticeSources } from './practice-sources.ts';

let desk: OfferDesk;
beforeAll(async () => { desk = await openOfferDesk(); });
afterEach(() => desk.runtime.db.prisma.source.deleteMany());
afterAll(() => desk.close());

const at = (ports: Readonly<Record<string, number>>) => ({ sources: Object.entries(ports).map(([id, port]) => ({ kind: 'woocommerce', name: id, baseUrl: `http://127.0.0.1:${port}`, config: { site: {}, terms: {}, practiceId: id } })) }) as unknown as PracticeWiring;
const start = (ports: Readonly<Record<string, number>>) => syncPracticeSources(desk.scan.sources, at(ports));
const shown = async () => (await listSources(desk.scan.sources)).map((s) => [s.name, s.baseUrl, s.readable]);
const shop = (name: string, port: number) => [name, `http://127.0.0.1:${port}`, true];

it('follows the shops to their ports, also where two have changed theirs with one another', async () => {
  await start({ a: 1001, b: 1002 });
  await start({ a: 1002, b: 1001 });
  expect(await shown()).toEqual([shop('a', 1002), shop('b', 1001)]);
});

it('starts with a shop whose configuration cannot be read, and mends it', async () => {
  for (const port of [1001, 1003]) {
    await start({ a: 1001, b: 1002 });
    await desk.runtime.db.prisma.source.updateMany({ where: { name: 'a' }, data: { config: '{"site":' } });
    await start({ a: port, b: 1002 });
    expect(await shown()).toEqual([shop('a', port), shop('b', 1002)]);
  }
});

it('brings no shop back that a person has taken off the desk, wherever it answers', async () => {
  await start({ a: 1001, b: 1002 });
  const [first] = await listSources(desk.scan.sources);
  await removeSource(desk.scan.sources, first!.id, () => Promise.resolve(0));
  await start({ a: 1002, b: 1001 });
  expect(await shown()).toEqual([shop('b', 1001)]);
  const [second] = await listSources(desk.scan.sources);
  await desk.runtime.db.prisma.source.updateMany({ where: { id: second!.id }, data: { config: 'nothing' } });
  await removeSource(desk.scan.sources, second!.id, () => Promise.resolve(0));
  await start({ a: 1002, b: 1003 });
  expect(await shown()).toEqual([]);
});

import { expect, it } from 'vitest';
import { namedIn } from './name-key.ts';

it('knows a name however it is written, and no other', () => {
  const blocked = ['Nike', 'L’Oréal', 'نايكي'];
  for (const name of ['nike', 'NIKE®', 'Nike™', ' N\u200bike ', 'Ｎｉｋｅ', 'Nіkе', 'NIKE.']) expect([name, namedIn(blocked, name)]).toEqual([name, 'Nike']);
  expect(["l'oreal", "L'ORÉAL ®", 'نايكى'].map((name) => namedIn(blocked, name))).toEqual(['L’Oréal', 'L’Oréal', 'نايكي']);
  expect(['+', '++', '-', ''].map((name) => namedIn(['+', '®'], name))).toEqual(['+', null, null, null]);
  for (const name of ['Nikon', 'Nike Inc', 'Nikee', '', 'Ника']) expect([name, namedIn(blocked, name)]).toEqual([name, null]);
});

import { afterAll, beforeAll, describe, it } from 'vitest';
import { checkPages } from './check-pages.ts';
import { openDesk, type Desk } from './desk.ts';
import { chromiumFound } from './harness.ts';

describe.skipIf(!chromiumFound)('every page in the dark', () => {
  let desk: Desk;
  beforeAll(async () => { desk = await openDesk(); });
  afterAll(async () => desk?.close());

  // Structure and names are the same in both schemes: here only the colours are looked at again.
  it('has contrast enough, fits at 1280 and 1920, and logs no error', () => checkPages(desk, 'dark', ['color-contrast']));
});

import { describe } from 'vitest';
import { checkPages } from './check-pages.ts';
import { chromiumFound } from './harness.ts';

// Structure and names are the same in both schemes: here only the colours are looked at again.
describe.skipIf(!chromiumFound)('in the dark, contrast enough, within 1280 and 1920, and without an error:', () => checkPages('dark', ['color-contrast']));

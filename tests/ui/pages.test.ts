import { describe } from 'vitest';
import { checkPages } from './check-pages.ts';
import { chromiumFound } from './harness.ts';

describe.skipIf(!chromiumFound)('in light, clean by axe, within 1280 and 1920, and without an error:', () => checkPages('light'));

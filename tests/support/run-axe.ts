/// <reference lib="dom" />
import fs from 'node:fs';
import { createRequire } from 'node:module';
import type * as Axe from 'axe-core';
import type { Page } from 'playwright-core';

const SOURCE = fs.readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/**
 * What axe finds wrong on a page. In the page itself, and nothing of what it finds right is gathered: Playwright's own wrapper opens a second page for each
 * result and hands all of it across, which takes four times as long. @param only `tag` or `rule` with its values; without it, every rule
 */
export async function runAxe(page: Page, only?: { readonly type: 'tag' | 'rule'; readonly values: readonly string[] }): Promise<Axe.Result[]> {
  await page.evaluate(`if (!window.axe) { ${SOURCE} }`);
  return page.evaluate(async (runOnly) => {
    const { axe } = window as unknown as { readonly axe: typeof Axe };
    return (await axe.run(document, { resultTypes: ['violations'], ...(runOnly ? { runOnly: { type: runOnly.type, values: [...runOnly.values] } } : {}) })).violations;
  }, only);
}

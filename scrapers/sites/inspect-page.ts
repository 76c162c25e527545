import { ConnectorError } from '#kernel/errors.ts';
import { REPAIRABLE_FIELDS, type PageInspectorPort } from '#engine/sources/ports.ts';
import { proposePlaces } from '../core/extract/propose-places.ts';
import { policyOf, type SiteTools } from '../core/source/open-config.ts';
import { PLAIN } from './structured-shop/fetch.ts';
import { externalIdOf, parsePage, valuesOf } from './structured-shop/parse.ts';
import { configSchema } from './structured-shop/schema.ts';

/** Reads one page of a shop again, as a scan would, and looks for what it used to say. */
export function createPageInspector(tools: SiteTools): PageInspectorPort {
  return {
    async inspect({ kind, site }, { url, known, rules }, signal) {
      const parsed = configSchema.safeParse(site);
      if (kind !== PLAIN.kind || !parsed.success) throw new ConnectorError({ kind: 'Rejected', connector: kind, operation: 'look at a page', code: 'FIXED_RULES', message: 'pages of this kind of source are read by fixed rules' });
      const config = parsed.data;
      const request = { url, connector: kind, operation: 'look at a page', headers: { accept: 'text/html' } };
      const policy = policyOf(config.politeness, PLAIN.pace);
      const answer = await (config.render && tools.browser ? tools.browser.fetch(request, policy, signal) : tools.fetcher.fetch(request, policy, signal));
      const read = parsePage(answer.text, { url, externalId: externalIdOf(url), seenAt: tools.clock.now(), currency: config.currency, depth: 'full', label: '', rules });
      const values = 'code' in read ? {} : valuesOf(read);
      const missing = REPAIRABLE_FIELDS.filter((f) => known[f] !== undefined && values[f] === undefined);
      return { html: answer.text, values, proposals: proposePlaces(answer.text, known, missing) };
    },
  };
}

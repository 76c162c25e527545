import type { z } from 'zod';
import { sourceKind, sourceSettings, type detectedSite } from '#contract/sources.ts';
import { DomainError } from '#kernel/errors.ts';
import type { SourcesDeps } from './deps.ts';
import type { DetectedSite } from './ports.ts';

export type DetectedView = z.infer<typeof detectedSite>;

/** An address as people paste it; `https` where they leave it out. */
function readAddress(text: string): URL {
  const full = /^[a-z][a-z\d+.-]*:\/\//i.test(text) ? text : `https://${text}`;
  const url = URL.canParse(full) ? new URL(full) : null;
  if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:') || url.hostname === '' || url.username !== '' || url.password !== '') throw new DomainError('INVALID', 'This is no address of a site.', { field: 'address', reason: 'unreadable' });
  url.hash = '';
  return url;
}

function viewOf(site: DetectedSite): DetectedView {
  const kind = sourceKind.safeParse(site.kind);
  const settings = sourceSettings.safeParse(site.settings);
  return {
    kind: kind.success ? kind.data : null, label: site.label.slice(0, 120), baseUrl: site.baseUrl, settings: settings.success ? settings.data : {},
    sample: site.sample.map((o) => ({ title: o.title.slice(0, 300), url: o.url, price: o.price, brand: o.brand ?? null, identifiers: o.identifiers.filter((i) => i.hint !== 'sku').map((i) => i.text.slice(0, 60)), available: o.stock?.available ?? null })),
    rejected: site.rejects.map((r) => ({ where: r.where, code: r.code, reason: r.reason.slice(0, 300) })), coverage: { ...site.coverage }, requests: site.requests,
    problems: site.problems.map((p) => ({ code: p.code, field: p.field ?? null, message: p.message.slice(0, 500) })),
  };
}

/** Looks at an address that may become a source. @throws DomainError INVALID for what is no address. */
export async function detectSource(deps: SourcesDeps, text: string, signal: AbortSignal): Promise<DetectedView> {
  const address = readAddress(text.trim());
  if (!deps.detector) throw new DomainError('INVALID', 'Sites cannot be looked at here.', { field: 'address', reason: 'unsupported' });
  const site = viewOf(await deps.detector.detect(address.href, { signal }));
  if (site.kind === null) return site;
  const known = await deps.ctx.db.prisma.source.findUnique({ where: { kind_baseUrl: { kind: site.kind, baseUrl: site.baseUrl.replace(/\/+$/, '') } } });
  return known && known.removedAt === null ? { ...site, problems: [{ code: 'already-added', field: null, message: known.name }, ...site.problems] } : site;
}

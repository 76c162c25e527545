import { addSource, findRemovedSources, findSources, retargetSource, type SourcesDeps } from '#engine/sources/index.ts';
import { DAY_MS } from '#kernel/time.ts';
import type { PracticeWiring } from './options.ts';

/** How often a practice source is scanned by itself, in virtual time: shops each day, suppliers' lists each week. */
const INTERVALS_MS = { shop: DAY_MS, list: 7 * DAY_MS };

/**
 * The shops of the practice market as sources: added at the first start, and pointed at where they answer now, since their ports change with every
 * start. What the person changed of them (name, interval, whether they run, whether they are there) stays.
 */
export async function syncPracticeSources(deps: SourcesDeps, practice: PracticeWiring | null): Promise<void> {
  if (!practice) return;
  const known = await findSources(deps.ctx.db);
  const removed = new Set((await findRemovedSources(deps.ctx.db)).map((source) => source.config.practiceId));
  for (const source of practice.sources) {
    if (removed.has(source.config.practiceId)) continue;
    const stored = known.find((k) => k.config.practiceId === source.config.practiceId);
    if (stored) await retargetSource(deps, stored.id, { baseUrl: source.baseUrl, config: { ...stored.config, site: { ...source.config.site, baseUrl: source.baseUrl } } });
    else await addSource(deps, { kind: source.kind, name: source.name, baseUrl: source.baseUrl, intervalMs: source.kind === 'price-list' ? INTERVALS_MS.list : INTERVALS_MS.shop, config: source.config });
  }
}

import { addSource, findSources, retargetSource, type SourcesDeps } from '#engine/sources/index.ts';
import type { PracticeWiring } from './options.ts';

/** How often a practice source is scanned by itself, in virtual time. */
const PRACTICE_INTERVAL_MS = 24 * 3_600_000;

/**
 * The shops of the practice market as sources: added at the first start, and pointed at where they answer now, since their ports change with every
 * start. What the person changed of them (name, interval, whether they run) stays.
 */
export async function syncPracticeSources(deps: SourcesDeps, practice: PracticeWiring | null): Promise<void> {
  if (!practice) return;
  const known = await findSources(deps.ctx.db);
  for (const source of practice.sources) {
    const stored = known.find((k) => k.config.practiceId === source.config.practiceId);
    if (stored) await retargetSource(deps, stored.id, { baseUrl: source.baseUrl, config: { ...stored.config, site: { ...source.config.site, baseUrl: source.baseUrl } } });
    else await addSource(deps, { kind: source.kind, name: source.name, baseUrl: source.baseUrl, intervalMs: PRACTICE_INTERVAL_MS, config: source.config });
  }
}

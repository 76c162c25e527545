import { addSource, findRemovedSources, findStoredSources, retargetSource, updateSource, type SourceRecord, type SourcesDeps, type StoredSource } from '#engine/sources/index.ts';
import { DAY_MS } from '#kernel/time.ts';
import type { PracticeSource, PracticeWiring } from './options.ts';

/** How often a practice source is scanned by itself, in virtual time: shops each day, suppliers' lists each week. */
const INTERVALS_MS = { shop: DAY_MS, list: 7 * DAY_MS };

/**
 * The shops of the practice market as sources: added at the first start, and pointed at where they answer now, since their ports change with every
 * start. What the person changed of them (name, interval, whether they run, whether they are there) stays.
 */
export async function syncPracticeSources(deps: SourcesDeps, practice: PracticeWiring | null): Promise<void> {
  if (!practice) return;
  const stored = await findStoredSources(deps.ctx.db);
  const removed = await findRemovedSources(deps.ctx.db);
  await clearAddresses(deps, practice, [...stored, ...removed].map((s) => s.source));
  for (const source of practice.sources) {
    if (removed.some((s) => s.source.config.practiceId === source.config.practiceId || isBroken(s, source))) continue;
    const known = stored.find((s) => s.source.config.practiceId === source.config.practiceId)?.source;
    // what is stored of a practice shop can be said again: one that cannot be read is mended
    const broken = stored.find((s) => isBroken(s, source))?.source;
    const site = { ...source.config.site, baseUrl: source.baseUrl };
    if (known) await retargetSource(deps, known.id, { baseUrl: source.baseUrl, config: { ...known.config, site } });
    else if (broken) await retargetSource(deps, broken.id, { baseUrl: source.baseUrl, config: { ...source.config, site } });
    else await addSource(deps, { kind: source.kind, name: source.name, baseUrl: source.baseUrl, intervalMs: source.kind === 'price-list' ? INTERVALS_MS.list : INTERVALS_MS.shop, config: source.config });
  }
}

/** The shop's own source, whose configuration cannot be read: known by what else is stored of it. */
const isBroken = ({ source: stored, problem }: StoredSource, shop: PracticeSource): boolean => problem !== null && stored.kind === shop.kind && (stored.baseUrl === shop.baseUrl.replace(/\/+$/, '') || stored.name === shop.name);

/** A port where one shop answered may be another's now, and two sources of a kind cannot have one address: the earlier one gives it up. */
async function clearAddresses(deps: SourcesDeps, practice: PracticeWiring, stored: readonly SourceRecord[]): Promise<void> {
  for (const source of stored) {
    const { practiceId } = source.config;
    const taken = practiceId !== undefined && practice.sources.some((s) => s.kind === source.kind && s.baseUrl.replace(/\/+$/, '') === source.baseUrl && s.config.practiceId !== practiceId);
    if (taken) await deps.ctx.db.transaction((tx) => updateSource(tx, source.id, { baseUrl: `practice:${practiceId}` }));
  }
}

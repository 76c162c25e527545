import type { z } from 'zod';
import type { fieldRule, repairableField, sourceRepair } from '#contract/sources.ts';
import { DomainError, isConnectorError } from '#kernel/errors.ts';
import type { SourcesDeps } from './deps.ts';
import { requireSource } from './manage-sources.ts';
import { REPAIRABLE_FIELDS, type PlacedRule, type RepairableField } from './ports.ts';
import { updateSource, type SourceRecord } from './repo.ts';
import { maskPage } from './view-health.ts';

export type RepairView = z.infer<typeof sourceRepair>;
type Rule = z.infer<typeof fieldRule>;

const rulesOf = (source: SourceRecord): readonly PlacedRule[] => (source.config.site['rules'] ?? []) as readonly PlacedRule[];

/** Reads the page that was last read well once more, and looks for the values that it had. @throws DomainError INVALID where no page was kept or it cannot be read. */
export async function inspectSource(deps: SourcesDeps, id: string, signal: AbortSignal): Promise<RepairView> {
  const source = await requireSource(deps, id);
  const good = await deps.pageSamples?.read(id);
  if (!good || !deps.inspector) throw new DomainError('INVALID', 'No page of this source that was read well is kept yet.', { field: 'id', reason: 'no-page' });
  const rules = rulesOf(source);
  try {
    const now = await deps.inspector.inspect({ kind: source.kind, site: source.config.site }, { url: good.url, known: good.values, rules }, signal);
    return {
      url: good.url, good: { at: good.at, text: good.html }, now: { at: deps.ctx.clock.now(), text: maskPage(now.html).slice(0, 200_000) },
      fields: REPAIRABLE_FIELDS.filter((f) => good.values[f] !== undefined).map((field) => ({
        field, known: good.values[field] ?? '', found: now.values[field] ?? null,
        proposals: now.proposals.filter((p) => p.field === field).map(({ rule, sample, place }) => ({ rule: rule as Rule, sample: sample.slice(0, 300), place: place.slice(0, 300) })),
      })),
      accepted: rules.map(({ field, rule }) => ({ field, rule: rule as Rule })),
    };
  } catch (error) {
    if (!isConnectorError(error)) throw error;
    throw new DomainError('INVALID', `The page cannot be read now: ${error.detail.message}`, { field: 'id', reason: error.detail.code ?? error.kind });
  }
}

async function storeRules(deps: SourcesDeps, source: SourceRecord, rules: readonly PlacedRule[]): Promise<void> {
  const { rules: _rules, ...rest } = source.config.site;
  const site = rules.length > 0 ? { ...rest, rules } : rest;
  const opened = deps.adapters.get(source.kind)?.open(site);
  if (!opened?.ok) throw new DomainError('INVALID', 'Pages of this kind of source are read by fixed rules.', { field: 'rule', reason: 'unsupported' });
  await opened.value.close();
  await deps.ctx.db.transaction(async (tx) => {
    await updateSource(tx, source.id, { config: JSON.stringify({ ...source.config, site }) });
    // What was read before the repair has to be read anew, changed or not.
    await tx.pageVersion.deleteMany({ where: { scope: source.kind, url: { startsWith: `${new URL(source.baseUrl).origin}/` } } });
    await deps.ctx.outbox.add(tx, 'source.changed', source.id);
  });
}

/** Takes a place for a field, after the page has shown that it gives the value there. */
export async function acceptRepair(deps: SourcesDeps, { id, field, rule }: { readonly id: string; readonly field: z.infer<typeof repairableField>; readonly rule: Rule }, signal: AbortSignal): Promise<RepairView> {
  const source = await requireSource(deps, id);
  const before = await inspectSource(deps, id, signal);
  const proposed = before.fields.find((f) => f.field === field)?.proposals.some((p) => JSON.stringify(p.rule) === JSON.stringify(rule));
  if (!proposed) throw new DomainError('INVALID', 'The page does not show the value there any more. Look at it again.', { field: 'rule', reason: 'not-proposed' });
  await storeRules(deps, source, [...rulesOf(source).filter((r) => r.field !== field), { field, rule }]);
  return inspectSource(deps, id, signal);
}

/** Forgets the place that was accepted for a field. */
export async function undoRepair(deps: SourcesDeps, id: string, field: RepairableField): Promise<void> {
  const source = await requireSource(deps, id);
  await storeRules(deps, source, rulesOf(source).filter((r) => r.field !== field));
}

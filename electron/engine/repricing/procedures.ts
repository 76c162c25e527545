import { implement } from '@orpc/server';
import { declaredErrors } from '#contract/errors.ts';
import { repricingContract } from '#contract/repricing.ts';
import { DomainError } from '#kernel/errors.ts';
import { readSetting, writeSetting } from '../settings/index.ts';
import type { RepricingDeps } from './deps.ts';
import { listDecisions } from './repo.ts';
import { pauseListing, previewRepricing, undoDecision } from './reprice-listings.ts';
import { REPRICING } from './rule-defaults.ts';

export function createRepricingProcedures(deps: RepricingDeps) {
  const os = implement(repricingContract).use(declaredErrors);
  const { db, clock, outbox, audit } = deps.ctx;
  return os.router({
    settings: os.settings.handler(async () => {
      const { value, version } = await readSetting(db, REPRICING);
      return { value, version, practice: deps.practice };
    }),
    saveSettings: os.saveSettings.handler(async ({ input }) => {
      const twice = input.value.sets.find((set, i) => input.value.sets.findIndex((other) => other.category === set.category) !== i);
      if (twice) throw new DomainError('INVALID', `sets: the category ${twice.category} has two rule sets; keep one.`, { field: 'sets', reason: 'twice' });
      const saved = await db.transaction(async (tx) => {
        const stored = await writeSetting(tx, REPRICING, { ...input, at: clock.now() });
        await audit.append(tx, { actor: 'owner', channel: 'desktop', action: 'repricing.set', data: { on: stored.value.on, version: stored.version } });
        await outbox.add(tx, 'settings.repricing', null);
        return stored;
      });
      return { value: saved.value, version: saved.version, practice: deps.practice };
    }),
    preview: os.preview.handler(({ input }) => previewRepricing(deps, input.settings)),
    decisions: os.decisions.handler(({ input }) => listDecisions(db.prisma, input)),
    undo: os.undo.handler(({ input }) => undoDecision(deps, input.id)),
    pause: os.pause.handler(({ input }) => pauseListing(deps, input)),
  });
}

import { implement } from '@orpc/server';
import { declaredErrors } from '#contract/errors.ts';
import { reorderContract } from '#contract/reorder.ts';
import { readSetting, writeSetting } from '../settings/index.ts';
import { REORDER } from './settings-key.ts';
import { explainReorder, suggestReorders, type ReorderDeps } from './suggest-reorders.ts';
import { writeTerms } from './terms.ts';

export function createReorderProcedures(deps: ReorderDeps) {
  const os = implement(reorderContract).use(declaredErrors);
  const { db, clock, audit } = deps.ctx;
  return os.router({
    list: os.list.handler(() => suggestReorders(deps)),
    get: os.get.handler(({ input }) => explainReorder(deps, input.productId)),
    setTerms: os.setTerms.handler(({ input }) => db.transaction((tx) => writeTerms(tx, { ...input, at: clock.now() }))),
    settings: os.settings.handler(() => readSetting(db, REORDER)),
    setSettings: os.setSettings.handler(({ input }) => db.transaction(async (tx) => {
      const stored = await writeSetting(tx, REORDER, { ...input, at: clock.now() });
      await audit.append(tx, { actor: 'owner', channel: 'desktop', action: 'reorder.set', data: { version: stored.version, ...stored.value } });
      return stored;
    })),
  });
}

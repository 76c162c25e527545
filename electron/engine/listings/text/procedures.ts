import { implement } from '@orpc/server';
import { declaredErrors } from '#contract/errors.ts';
import { listingTextsContract } from '#contract/listing-texts.ts';
import { checkWords, proposeText, readText, saveText, type TextDeps } from './edit-text.ts';

export function createListingTextProcedures(deps: TextDeps) {
  const os = implement(listingTextsContract).use(declaredErrors);
  return os.router({
    get: os.get.handler(async ({ input }) => {
      const { limits: { titleForbids: _, ...limits }, ...view } = await readText(deps, input.id);
      return { ...view, limits, checked: [...view.checked], vouched: [...view.vouched], saved: view.saved.map((saved) => ({ ...saved, checked: [...saved.checked], vouched: [...saved.vouched] })) };
    }),
    propose: os.propose.handler(async ({ input, signal }) => {
      const proposal = await proposeText(deps, input, signal);
      return { ...proposal, checked: [...proposal.checked] };
    }),
    check: os.check.handler(({ input }) => checkWords(deps, input)),
    save: os.save.handler(({ input }) => saveText(deps, input)),
  });
}

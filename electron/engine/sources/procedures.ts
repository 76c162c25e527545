import { implement } from '@orpc/server';
import { declaredErrors } from '#contract/errors.ts';
import type { z } from 'zod';
import { sourcesContract, type scanCost } from '#contract/sources.ts';
import { DomainError } from '#kernel/errors.ts';
import type { Tx } from '#runtime/ports.ts';
import type { SourcesDeps } from './deps.ts';
import { detectSource } from './detect-source.ts';
import { acceptRepair, inspectSource, undoRepair } from './repair-source.ts';
import { signIn, signOut } from './sign-in.ts';
import { readErrorPage, viewHealth } from './view-health.ts';
import { addSource, cancelScan, changeSource, getSource, listSources, removeSource, startScan, type RunView } from './manage-sources.ts';

/** What lives above this module: the flow that a file dropped on the desk is handed to, and what knows the vendors' costs. */
export interface FileImport {
  /** What a run would spend at the data vendors, whom this module does not know. */
  cost(sourceId: string): Promise<z.infer<typeof scanCost>>;
  /** Takes back what a source offered, in the transaction that removes it. Answers how many offers went. */
  withdrawOffers(tx: Tx, sourceId: string): Promise<number>;
  importFile(name: string, content: Uint8Array): Promise<RunView>;
  importStaged(name: string, staged: string): Promise<RunView>;
}

export function createSourcesProcedures(deps: SourcesDeps, files: FileImport) {
  const os = implement(sourcesContract).use(declaredErrors);
  return os.router({
    list: os.list.handler(() => listSources(deps)),
    get: os.get.handler(({ input }) => getSource(deps, input.id)),
    add: os.add.handler(({ input }) => addSource(deps, input)),
    detect: os.detect.handler(({ input, signal }) => detectSource(deps, input.address, signal ?? new AbortController().signal)),
    health: os.health.handler(({ input }) => viewHealth(deps, input.id)),
    errorPage: os.errorPage.handler(async ({ input }) => ({ text: await readErrorPage(deps, input.id) })),
    signIn: os.signIn.handler(async ({ input }) => { await signIn(deps, input.id, input.cookies); return viewHealth(deps, input.id); }),
    signOut: os.signOut.handler(async ({ input }) => { await signOut(deps, input.id); return viewHealth(deps, input.id); }),
    inspect: os.inspect.handler(({ input, signal }) => inspectSource(deps, input.id, signal ?? new AbortController().signal)),
    acceptRepair: os.acceptRepair.handler(({ input, signal }) => acceptRepair(deps, input, signal ?? new AbortController().signal)),
    undoRepair: os.undoRepair.handler(async ({ input }) => { await undoRepair(deps, input.id, input.field); return { field: input.field }; }),
    update: os.update.handler(({ input }) => changeSource(deps, input.id, input)),
    remove: os.remove.handler(({ input }) => removeSource(deps, input.id, (tx, id) => files.withdrawOffers(tx, id))),
    cost: os.cost.handler(({ input }) => files.cost(input.id)),
    run: os.run.handler(({ input }) => startScan(deps, input.id)),
    cancel: os.cancel.handler(({ input }) => cancelScan(deps, input.id)),
    rejects: os.rejects.handler(async ({ input }) => {
      const rows = await deps.ctx.db.prisma.quarantined.findMany({
        where: { runId: input.id, ...(input.cursor ? { id: { gt: input.cursor } } : {}) }, orderBy: { id: 'asc' }, take: input.limit + 1,
      });
      const items = rows.slice(0, input.limit).map((r) => ({ id: r.id, place: r.place, field: r.field, reason: r.reason, raw: r.raw, at: Number(r.createdAt) }));
      return { items, nextCursor: rows.length > input.limit ? (items.at(-1)?.id ?? null) : null };
    }),
    importFile: os.importFile.handler(({ input }) => {
      const content = Buffer.from(input.contentBase64, 'base64');
      if (content.length === 0) throw new DomainError('INVALID', 'The file is empty.', { field: 'contentBase64', reason: 'empty' });
      return files.importFile(input.name, content);
    }),
    importStaged: os.importStaged.handler(({ input }) => files.importStaged(input.name, input.staged)),
  });
}

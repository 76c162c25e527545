import { useMutation, useQueryClient, type InfiniteData, type QueryClient } from '@tanstack/react-query';
import { useCallback, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { OpportunityDetail, OpportunityRow } from '#contract/opportunities.ts';
import type { Reason } from '#contract/shared.ts';
import type { Money } from '#kernel/money.ts';
import { client, orpc } from '../../rpc/client.ts';
import { codeOf, describeError } from '../../rpc/describe-error.ts';
import { useFormat } from '../../ui/format.ts';
import { notify, notifyError } from '../../ui/notify.tsx';
import { useWordReason } from '../../ui/reason.tsx';

type Page = { items: OpportunityRow[]; nextCursor: string | null; total?: { count: number; capped: boolean } | undefined };
type Lists = [readonly unknown[], InfiniteData<Page> | undefined][];
const listKey = () => orpc.opportunities.list.key({ type: 'infinite' });

/** Takes the row out of every list at once; the answer is what those lists held. */
function takeOut(queries: QueryClient, id: string): Lists {
  const before = queries.getQueriesData<InfiniteData<Page>>({ queryKey: listKey() });
  queries.setQueriesData<InfiniteData<Page>>({ queryKey: listKey() }, (old) => {
    if (!old?.pages.some((page) => page.items.some((row) => row.id === id && row.state === 'open'))) return old;
    return {
      ...old,
      pages: old.pages.map((page) => ({
        ...page, items: page.items.filter((row) => row.id !== id),
        ...(page.total ? { total: { ...page.total, count: page.total.capped ? page.total.count : Math.max(0, page.total.count - 1) } } : {}),
      })),
    };
  });
  return before;
}

const putBack = (queries: QueryClient, lists: Lists) => { for (const [key, data] of lists) queries.setQueryData(key, data); };
const detailKey = (id: string) => orpc.opportunities.get.queryKey({ input: { id } });

interface Optimistic { readonly lists: Lists; readonly detail: OpportunityDetail | undefined }

async function begin(queries: QueryClient, id: string, state: OpportunityRow['state']): Promise<Optimistic> {
  const detail = queries.getQueryData<OpportunityDetail>(detailKey(id));
  const lists = takeOut(queries, id);
  if (detail) queries.setQueryData<OpportunityDetail>(detailKey(id), { ...detail, state });
  // Fetches that began before would bring the row back.
  await queries.cancelQueries({ queryKey: listKey() });
  return { lists, detail };
}

function revert(queries: QueryClient, id: string, before: Optimistic | undefined): void {
  if (!before) return;
  putBack(queries, before.lists);
  if (before.detail) queries.setQueryData(detailKey(id), before.detail);
}

export interface Decisions {
  readonly approve: (row: Pick<OpportunityRow, 'id' | 'version' | 'title'>, order?: { readonly quantity: number; readonly total: Money; readonly byHand: boolean }) => void;
  readonly skip: (row: Pick<OpportunityRow, 'id' | 'version' | 'title'>) => void;
  /** Takes the place of what U would undo. */
  readonly remember: (undo: () => void) => void;
  readonly undoLast: () => void;
}

function useRefresh() {
  const queries = useQueryClient();
  return useCallback((id: string) => {
    void queries.invalidateQueries({ queryKey: orpc.opportunities.key() });
    void queries.invalidateQueries({ queryKey: detailKey(id) });
    void queries.invalidateQueries({ queryKey: orpc.purchases.key() });
    void queries.invalidateQueries({ queryKey: orpc.system.today.key() });
  }, [queries]);
}

/** Approve and skip: shown at once, taken back when the engine refuses, undone where that is still possible. */
export function useDecisions(): Decisions {
  const { t } = useTranslation();
  const format = useFormat();
  const word = useWordReason();
  const queries = useQueryClient();
  const refresh = useRefresh();
  const lastUndo = useRef<(() => void) | null>(null);

  const fail = (error: unknown, id: string, before: Optimistic | undefined) => {
    revert(queries, id, before);
    const { data } = describeError(error, t);
    notifyError(error, t, codeOf(error) === 'LIMIT' ? (data['reasons'] as Reason[]).map(word).join(' ') : undefined);
    refresh(id);
  };

  /** A purchase can be given up until it is placed; from then on the answer says so. */
  const giveUp = async (purchaseId: string, id: string) => {
    try {
      const purchase = await client.purchases.get({ id: purchaseId });
      await client.purchases.cancel({ id: purchaseId, version: purchase.version });
      notify({ message: t('opportunities:notice.approval-undone') });
    } catch (error) {
      notifyError(error, t, t('opportunities:notice.undo-late'));
    }
    refresh(id);
  };

  const approving = useMutation({
    mutationFn: ({ id, version, quantity }: { id: string; version: number; quantity?: number | undefined; title: string; words: string }) => client.opportunities.approve(quantity === undefined ? { id, version } : { id, version, quantity }),
    onMutate: ({ id }) => begin(queries, id, 'approved'),
    onError: (error, { id }, before) => fail(error, id, before),
    onSuccess: ({ purchaseId }, { id, words }) => {
      const undo = () => void giveUp(purchaseId, id);
      lastUndo.current = undo;
      notify({ message: words, action: { label: t('common:undo'), run: undo } });
      refresh(id);
    },
  });

  const skipping = useMutation({
    mutationFn: ({ id, version }: { id: string; version: number; title: string }) => client.opportunities.skip({ id, version }),
    onMutate: ({ id }) => begin(queries, id, 'skipped'),
    onError: (error, { id }, before) => fail(error, id, before),
    onSuccess: (_row, { id, title }) => {
      const undo = () => { client.opportunities.reopen({ id }).catch((error: unknown) => notifyError(error, t)).finally(() => refresh(id)); };
      lastUndo.current = undo;
      notify({ message: t('opportunities:notice.skipped', { title }), action: { label: t('common:undo'), run: undo } });
      refresh(id);
    },
  });

  return {
    approve: (row, order) => approving.mutate({
      id: row.id, version: row.version, title: row.title, quantity: order?.quantity,
      words: order ? t(order.byHand ? 'opportunities:notice.approved-by-hand' : 'opportunities:notice.approved-for', { quantity: format.number(order.quantity), total: format.money(order.total), title: row.title }) : t('opportunities:notice.approved', { title: row.title }),
    }),
    skip: (row) => skipping.mutate({ id: row.id, version: row.version, title: row.title }),
    remember: (undo) => { lastUndo.current = undo; },
    undoLast: () => { lastUndo.current?.(); lastUndo.current = null; },
  };
}

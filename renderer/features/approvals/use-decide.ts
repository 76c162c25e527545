import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { InboxItem } from '#contract/approvals.ts';
import type { Reason } from '#contract/shared.ts';
import { orpc } from '../../rpc/client.ts';
import { codeOf, describeError } from '../../rpc/describe-error.ts';
import { notify, notifyError } from '../../ui/notify.tsx';
import { useWordReason } from '../../ui/reason.tsx';

type Inbox = { items: InboxItem[]; waiting: number };

/** Shown at once, and put back when the engine refuses. */
export function useDecide(): (item: InboxItem, decision: 'approve' | 'refuse') => void {
  const { t } = useTranslation();
  const word = useWordReason();
  const queries = useQueryClient();
  const key = orpc.approvals.inbox.queryKey();
  const deciding = useMutation({
    ...orpc.approvals.decide.mutationOptions(),
    onMutate: async ({ kind, id }) => {
      await queries.cancelQueries({ queryKey: key });
      const before = queries.getQueryData<Inbox>(key);
      if (before) queries.setQueryData<Inbox>(key, { items: before.items.filter((item) => item.kind !== kind || item.id !== id), waiting: Math.max(0, before.waiting - (kind === 'opportunity' ? 0 : 1)) });
      return before;
    },
    onError: (error, _input, before) => {
      if (before) queries.setQueryData(key, before);
      const { data } = describeError(error, t);
      notifyError(error, t, codeOf(error) === 'LIMIT' || Array.isArray(data['reasons']) ? (data['reasons'] as Reason[]).map(word).join(' ') : undefined);
    },
    onSuccess: ({ outcome }) => notify({ message: t(`approvals:done.${outcome}`) }),
    onSettled: () => {
      for (const area of [orpc.approvals.key(), orpc.purchases.key(), orpc.opportunities.key(), orpc.system.today.key()]) void queries.invalidateQueries({ queryKey: area });
    },
  });
  return (item, decision) => deciding.mutate({ kind: item.kind, id: item.id, version: item.version, decision });
}

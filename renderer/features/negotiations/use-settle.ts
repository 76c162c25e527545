import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { orpc } from '../../rpc/client.ts';
import { notifyError } from '../../ui/notify.tsx';

/** What every action on a talk does at its end: what went wrong is said, and what is shown is asked for again. */
export function useSettle(done?: () => void): { readonly onError: (error: unknown) => void; readonly onSettled: () => void; readonly onSuccess: () => void } {
  const { t } = useTranslation();
  const queries = useQueryClient();
  return {
    onError: (error) => notifyError(error, t), onSuccess: () => done?.(),
    onSettled: () => void queries.invalidateQueries({ queryKey: orpc.negotiations.key() }),
  };
}

import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { orpc } from '../../rpc/client.ts';
import { notifyError } from '../../ui/notify.tsx';

/** Whatever came of it, what is shown is asked for anew. */
export function useSettle(done?: () => void) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  return { onSuccess: () => done?.(), onError: (error: unknown) => notifyError(error, t), onSettled: () => void queries.invalidateQueries({ queryKey: orpc.support.key() }) };
}

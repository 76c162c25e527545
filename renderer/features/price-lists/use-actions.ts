import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import type { priceListView } from '#contract/price-lists.ts';
import { orpc } from '../../rpc/client.ts';
import { notifyError } from '../../ui/notify.tsx';

export type ListView = z.infer<typeof priceListView>;

/** What works on the list: each answers with the list as it then is. */
export function useListActions(id: string) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const settle = {
    onSuccess: (list: ListView) => queries.setQueryData(orpc.priceLists.get.queryKey({ input: { id } }), list),
    onError: (error: unknown) => notifyError(error, t),
    onSettled: () => { void queries.invalidateQueries({ queryKey: orpc.priceLists.key() }); void queries.invalidateQueries({ queryKey: orpc.system.jobs.key() }); },
  };
  return {
    correct: useMutation(orpc.priceLists.correct.mutationOptions(settle)), detect: useMutation(orpc.priceLists.detect.mutationOptions(settle)), pass: useMutation(orpc.priceLists.pass.mutationOptions(settle)),
    stop: useMutation(orpc.priceLists.stop.mutationOptions(settle)), run: useMutation(orpc.priceLists.run.mutationOptions(settle)),
  };
}

import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import type { listingRow } from '#contract/selling.ts';
import { client, orpc } from '../../rpc/client.ts';
import { Confirm } from '../../ui/confirm.tsx';
import { notify, notifyError } from '../../ui/notify.tsx';

type ListingRow = z.infer<typeof listingRow>;

/** One after the other, each by the version that was seen: one that somebody changed meanwhile is left alone and stays chosen to be looked at. */
async function each(rows: readonly ListingRow[], act: (at: { readonly id: string; readonly version: number }) => Promise<unknown>): Promise<{ readonly done: number; readonly failed: unknown[] }> {
  const failed: unknown[] = [];
  for (const { id, version } of rows) await act({ id, version }).catch((error: unknown) => failed.push(error));
  return { done: rows.length - failed.length, failed };
}

/** Ends or sends again the chosen listings that this can be done with. */
export function BulkActions({ rows, onDone }: { readonly rows: readonly ListingRow[]; readonly onDone: () => void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [ending, setEnding] = useState(false);
  const stopped = rows.filter((row) => row.state === 'stopped');
  const endable = rows.filter((row) => row.state === 'active' || row.state === 'stopped');
  const told = (key: 'listings:bulk.ended' | 'listings:bulk.retried') => ({
    onSuccess: ({ done, failed }: Awaited<ReturnType<typeof each>>) => {
      setEnding(false);
      if (done > 0) notify({ message: t(key, { count: done }) });
      if (failed.length > 0) notifyError(failed[0], t, t('listings:bulk.failed', { count: failed.length }));
      else onDone();
    },
    onSettled: () => void queries.invalidateQueries({ queryKey: orpc.listings.key() }),
  });
  const end = useMutation({ mutationFn: () => each(endable, (at) => client.listings.end(at)), ...told('listings:bulk.ended') });
  const retry = useMutation({ mutationFn: () => each(stopped, (at) => client.listings.retry(at)), ...told('listings:bulk.retried') });
  return (
    <>
      {stopped.length > 0 ? <Button size="compact-sm" variant="default" loading={retry.isPending} onClick={() => retry.mutate()}>{t('listings:bulk.retry', { count: stopped.length })}</Button> : null}
      {endable.length > 0 ? <Button size="compact-sm" variant="default" onClick={() => setEnding(true)}>{t('listings:bulk.end', { count: endable.length })}</Button> : null}
      <Confirm opened={ending} onClose={() => setEnding(false)} title={t('listings:bulk.end-title', { count: endable.length })} action={t('listings:bulk.end', { count: endable.length })} busy={end.isPending} onConfirm={() => end.mutate()}><p>{t('listings:bulk.end-text')}</p></Confirm>
    </>
  );
}

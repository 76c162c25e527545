import { Button } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import type { sourceView } from '#contract/sources.ts';
import { orpc } from '../../rpc/client.ts';
import { Confirm } from '../../ui/confirm.tsx';
import { useFormat } from '../../ui/format.ts';
import { notify, notifyError } from '../../ui/notify.tsx';

/** Takes a source off the desk, once it was said what goes with it. */
export function RemoveSource({ source }: { readonly source: z.infer<typeof sourceView> }) {
  const { t } = useTranslation();
  const format = useFormat();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [asked, ask] = useState(false);
  const remove = useMutation(orpc.sources.remove.mutationOptions({
    onSuccess: () => {
      ask(false);
      notify({ message: t('sources:removed', { name: source.name }) });
      void navigate({ to: '/sources', search: {} as never, replace: true });
    },
    onError: (error) => notifyError(error, t),
    onSettled: () => Promise.all([queries.invalidateQueries({ queryKey: orpc.sources.list.key() }), queries.invalidateQueries({ queryKey: orpc.opportunities.key() })]),
  }));
  return (
    <>
      <Button variant="default" leftSection={<IconTrash size="0.875rem" />} onClick={() => ask(true)}>{t('sources:remove')}</Button>
      <Confirm opened={asked} title={t('sources:remove-ask', { name: source.name })} action={t('sources:remove')} danger busy={remove.isPending} onConfirm={() => remove.mutate({ id: source.id })} onClose={() => ask(false)}>
        <p>{t('sources:remove-goes', { offers: format.number(source.offers), open: format.number(source.openOpportunities) })}</p>
        <p className="small muted">{t('sources:remove-stays')}</p>
      </Confirm>
    </>
  );
}

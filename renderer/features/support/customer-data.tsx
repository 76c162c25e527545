import { Button } from '@mantine/core';
import { IconDownload, IconUserX } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { client, orpc } from '../../rpc/client.ts';
import { Confirm } from '../../ui/confirm.tsx';
import { notify, notifyError } from '../../ui/notify.tsx';
import { downloadText } from '../../ui/save-text.ts';

/** What the law gives a person: all that is held of them, and to be forgotten. */
export function CustomerData({ customerId, name, onErased }: { readonly customerId: string; readonly name: string; readonly onErased: () => void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [asking, ask] = useState(false);
  const save = useMutation({
    mutationFn: () => client.support.exportCustomer({ id: customerId }),
    onSuccess: (held) => { downloadText(`${customerId}.json`, `${JSON.stringify(held, null, 2)}\n`); notify({ message: t('support:data-saved') }); }, onError: (error: unknown) => notifyError(error, t),
  });
  const erase = useMutation(orpc.support.eraseCustomer.mutationOptions({
    onSuccess: (gone) => { ask(false); notify({ message: t('support:erased', { tickets: gone.tickets, orders: gone.orders }) }); onErased(); },
    onError: (error) => { ask(false); notifyError(error, t); }, onSettled: () => void queries.invalidateQueries(),
  }));
  return (
    <section className="section">
      <h2>{t('support:data')}</h2>
      <div className="row wrap">
        <Button size="compact-sm" variant="default" leftSection={<IconDownload size="1rem" />} loading={save.isPending} onClick={() => save.mutate()}>{t('support:data-save')}</Button>
        <Button size="compact-sm" variant="default" leftSection={<IconUserX size="1rem" />} onClick={() => ask(true)}>{t('support:erase')}</Button>
      </div>
      <Confirm opened={asking} onClose={() => ask(false)} title={t('support:erase-title', { name })} action={t('support:erase-action')} busy={erase.isPending} onConfirm={() => erase.mutate({ id: customerId })}><p>{t('support:erase-text')}</p></Confirm>
    </section>
  );
}

import { Button, FileButton, Textarea } from '@mantine/core';
import { IconDownload, IconPaperclip } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import type { purchaseDetail } from '#contract/purchases.ts';
import { orpc } from '../../rpc/client.ts';
import { FieldList } from '../../ui/field-list.tsx';
import { useFormat } from '../../ui/format.ts';
import { notify, notifyError } from '../../ui/notify.tsx';
import { wordData } from '../../ui/reason.tsx';
import { RECEIPT_TYPES } from './receipt-drop.tsx';
import { attachFile, saveReceipt } from './receipt-files.ts';

type PurchaseDetail = z.infer<typeof purchaseDetail>;

/** Documents of a purchase with their seals, and a person's own added to them. */
export function ReceiptsSection({ purchase }: { readonly purchase: PurchaseDetail }) {
  const { t } = useTranslation();
  const format = useFormat();
  const queries = useQueryClient();
  const [says, setSays] = useState('');
  const attach = useMutation({
    mutationFn: (file: File) => attachFile(purchase.id, file, says),
    onSuccess: () => { setSays(''); notify({ message: t('purchases:receipt-attached') }); },
    onError: (error) => notifyError(error, t),
    onSettled: () => void queries.invalidateQueries({ queryKey: orpc.purchases.key() }),
  });
  const save = useMutation({ mutationFn: saveReceipt, onError: (error) => notifyError(error, t) });
  return (
    <section className="section stack">
      <h2>{t('purchases:receipt')}</h2>
      {purchase.receipt ? <FieldList fields={Object.entries(wordData(purchase.receipt, format)).map(([name, value]) => [name, value.slice(0, 600)] as const)} /> : <p className="muted">{t('purchases:no-receipt')}</p>}
      {purchase.receipts.length > 0 ? (
        <ul className="plain stack">
          {purchase.receipts.map((receipt) => (
            <li key={receipt.id}>
              <Button size="compact-sm" variant="default" leftSection={<IconDownload size="1rem" aria-hidden="true" />} loading={save.isPending && save.variables.id === receipt.id} onClick={() => save.mutate(receipt)}>{t('purchases:receipt-save', { name: receipt.name })}</Button>
              <div className="small muted">{[t(`purchases:receipt-origin.${receipt.origin}`, { by: receipt.by }), t('purchases:receipt-size', { kilobytes: format.number(Math.max(1, Math.round(receipt.bytes / 1_024))) }), t('purchases:receipt-seal', { seal: receipt.sha256.slice(0, 16) })].join(' · ')}</div>
              {receipt.says ? <div className="small" dir="auto">{receipt.says}</div> : null}
              {receipt.readText ? <details className="fold"><summary>{t('purchases:receipt-text')}</summary><div className="receipt-text" dir="auto" tabIndex={0} role="region" aria-label={t('purchases:receipt-text')}>{receipt.readText}</div></details> : null}
            </li>
          ))}
        </ul>
      ) : null}
      <details className="fold">
        <summary>{t('purchases:receipt-add')}</summary>
        <div className="stack">
          <Textarea label={t('purchases:receipt-says')} description={t('purchases:receipt-says-about')} value={says} maxLength={4_000} autosize minRows={2} onChange={(event) => setSays(event.currentTarget.value)} />
          <FileButton accept={RECEIPT_TYPES} onChange={(file) => { if (file) attach.mutate(file); }}>
            {(props) => <Button {...props} size="sm" variant="default" loading={attach.isPending} leftSection={<IconPaperclip size="1rem" aria-hidden="true" />} style={{ alignSelf: 'flex-start' }}>{t('purchases:receipt-choose')}</Button>}
          </FileButton>
        </div>
      </details>
    </section>
  );
}

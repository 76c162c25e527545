import { Button, Modal, NumberInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ReorderSettings } from '#contract/reorder.ts';
import { orpc } from '../../rpc/client.ts';
import { notify, notifyError } from '../../ui/notify.tsx';
import { ErrorState } from '../../ui/states.tsx';

function Form({ stored, version, onClose }: { readonly stored: ReorderSettings; readonly version: number; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [value, setValue] = useState(stored);
  const settle = { onError: (error: unknown) => notifyError(error, t), onSettled: () => void queries.invalidateQueries({ queryKey: orpc.reorder.key() }) };
  const restore = useMutation(orpc.reorder.setSettings.mutationOptions(settle));
  const save = useMutation(orpc.reorder.setSettings.mutationOptions({
    ...settle, onSuccess: (saved) => { onClose(); notify({ message: t('reorder:rules.saved'), action: { label: t('common:undo'), run: () => restore.mutate({ value: stored, version: saved.version }) } }); },
  }));
  const set = (name: keyof ReorderSettings, factor = 1) => (input: string | number) => { const number = Number(input); if (input !== '' && Number.isFinite(number)) setValue((before) => ({ ...before, [name]: Math.round(number * factor) })); };
  return (
    <form className="stack" onSubmit={(event) => { event.preventDefault(); save.mutate({ value, version }); }}>
      <NumberInput label={t('reorder:rules.service')} description={t('reorder:rules.service-note')} min={50} max={99.9} decimalScale={1} suffix=" %" value={value.serviceBp / 100} onChange={set('serviceBp', 100)} data-autofocus />
      <NumberInput label={t('reorder:rules.review')} description={t('reorder:rules.review-note')} min={1} max={90} allowDecimal={false} value={value.reviewDays} onChange={set('reviewDays')} />
      <NumberInput label={t('reorder:rules.lead')} description={t('reorder:rules.lead-note')} min={1} max={180} allowDecimal={false} value={value.leadDays} onChange={set('leadDays')} />
      <NumberInput label={t('reorder:rules.lead-sd')} min={0} max={90} allowDecimal={false} value={value.leadSdDays} onChange={set('leadSdDays')} />
      <div className="row" style={{ justifyContent: 'flex-end' }}><Button variant="default" onClick={onClose}>{t('common:keep')}</Button><Button type="submit" loading={save.isPending}>{t('reorder:rules.save')}</Button></div>
    </form>
  );
}

/** How sure, how often, and how long deliveries take before own ones tell. */
export function ReorderRules({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation();
  const { data, error, refetch } = useQuery(orpc.reorder.settings.queryOptions());
  return (
    <Modal opened onClose={onClose} title={<strong>{t('reorder:rules')}</strong>} closeButtonProps={{ 'aria-label': t('common:close') }} size="md">
      {error && !data ? <ErrorState error={error} onRetry={() => void refetch()} /> : data ? <Form stored={data.value} version={data.version} onClose={onClose} /> : <p className="muted small">{t('common:loading')}</p>}
    </Modal>
  );
}

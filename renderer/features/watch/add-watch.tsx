import { Button, Group, Modal, Select, Textarea } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { orpc } from '../../rpc/client.ts';
import { describeError } from '../../rpc/describe-error.ts';
import { notify } from '../../ui/notify.tsx';

export const HOURS = [1, 3, 6, 12, 24, 72, 168] as const;
export const HOUR_MS = 3_600_000;

/** Paste an address or an ASIN; it is looked at once, and watched if a price could be read. */
export function AddWatch({ onClose, onAdded }: { readonly onClose: () => void; readonly onAdded: (id: string) => void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [address, setAddress] = useState('');
  const [hours, setHours] = useState('6');
  const add = useMutation(orpc.watches.add.mutationOptions({
    onSuccess: (row) => { notify({ message: t('watch:added', { title: row.title }) }); void queries.invalidateQueries({ queryKey: orpc.watches.key() }); onAdded(row.id); },
  }));
  const problem = add.error ? describeError(add.error, t) : null;
  const send = () => { if (address.trim() !== '' && !add.isPending) add.mutate({ address: address.trim(), intervalMs: Number(hours) * HOUR_MS }); };
  return (
    <Modal opened onClose={onClose} title={<strong>{t('watch:add')}</strong>} closeButtonProps={{ 'aria-label': t('common:close') }} size="lg">
      <form className="stack" style={{ gap: '0.75rem' }} onSubmit={(event) => { event.preventDefault(); send(); }}>
        <Textarea label={t('watch:address')} description={t('watch:address-note')} placeholder={t('watch:address-example')} value={address} onChange={(event) => { setAddress(event.currentTarget.value.replaceAll('\n', '')); add.reset(); }} onKeyDown={(event) => { if (event.key === 'Enter') { event.preventDefault(); send(); } }} autosize minRows={1} maxRows={4} data-autofocus dir="ltr"
          error={problem ? [problem.title, problem.advice].filter(Boolean).join(' ') : null} />
        <Select label={t('watch:every')} description={t('watch:every-note')} data={HOURS.map((n) => ({ value: String(n), label: t('watch:hours', { count: n }) }))} value={hours} onChange={(value) => setHours(value ?? '6')} allowDeselect={false} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>{t('watch:close')}</Button>
          <Button type="submit" loading={add.isPending} disabled={address.trim() === ''}>{t('watch:add-action')}</Button>
        </Group>
      </form>
    </Modal>
  );
}

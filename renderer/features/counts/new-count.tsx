import { Button, Modal, Select, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { orpc } from '../../rpc/client.ts';
import { useEngineNow } from '../../ui/engine-clock.ts';
import { useFormat } from '../../ui/format.ts';
import { notifyError } from '../../ui/notify.tsx';

interface Place { readonly location: string | null; readonly condition: string | null }

/** A sheet of a place, a condition, or everything. */
export function NewCount({ place, onClose, onMade }: { readonly place: Place; readonly onClose: () => void; readonly onMade: (id: string) => void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const format = useFormat();
  const now = useEngineNow(3_600_000);
  const places = useQuery(orpc.stockCounts.places.queryOptions()).data ?? [];
  const word = (value: string) => t(`stock:hand.condition.${value}`, { defaultValue: value });
  const [chosen, choose] = useState<Place>(place);
  const [name, setName] = useState(place.location === null ? format.date(now) : [place.location, place.condition === null ? '' : word(place.condition)].filter(Boolean).join(', '));
  const create = useMutation(orpc.stockCounts.create.mutationOptions({
    onError: (error) => notifyError(error, t), onSuccess: (count) => { onClose(); onMade(count.id); }, onSettled: () => void queries.invalidateQueries({ queryKey: orpc.stockCounts.key() }),
  }));
  const values = (of: (place: (typeof places)[number]) => string) => [...new Set(places.map(of))];
  const ready = name.trim() !== '';
  return (
    <Modal opened onClose={onClose} size="sm" title={<strong>{t('counts:new')}</strong>} closeButtonProps={{ 'aria-label': t('common:close') }}>
      <form className="stack" onSubmit={(event) => { event.preventDefault(); if (ready) create.mutate({ name: name.trim(), location: chosen.location, condition: chosen.condition }); }}>
        <TextInput label={t('counts:name')} withAsterisk maxLength={120} value={name} onChange={(event) => setName(event.currentTarget.value)} data-autofocus />
        <Select label={t('stock:column.location')} allowDeselect clearable placeholder={t('counts:everywhere')} value={chosen.location} data={values((one) => one.location)} onChange={(location) => choose((before) => ({ ...before, location }))} clearButtonProps={{ 'aria-label': t('counts:everywhere') }} />
        <Select label={t('stock:column.condition')} allowDeselect clearable placeholder={t('counts:every-condition')} value={chosen.condition} data={values((one) => one.condition).map((value) => ({ value, label: word(value) }))} onChange={(condition) => choose((before) => ({ ...before, condition }))} clearButtonProps={{ 'aria-label': t('counts:every-condition') }} />
        <div className="row" style={{ justifyContent: 'flex-end' }}><Button variant="default" onClick={onClose}>{t('common:cancel')}</Button><Button type="submit" disabled={!ready} loading={create.isPending}>{t('counts:make')}</Button></div>
      </form>
    </Modal>
  );
}

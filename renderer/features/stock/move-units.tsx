import { Button, Checkbox, NumberInput, Select, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import type { stockRow } from '#contract/selling.ts';
import { HAND_CONDITIONS } from '#contract/words.ts';
import { orpc } from '../../rpc/client.ts';
import { notify, notifyError } from '../../ui/notify.tsx';

type StockRow = z.infer<typeof stockRow>;
type Condition = (typeof HAND_CONDITIONS)[number];

/** Units to another place, or graded anew. A whole lot that only moves can be moved back at once. */
export function MoveUnits({ lot }: { readonly lot: StockRow }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [units, setUnits] = useState(lot.onHand);
  const [location, setLocation] = useState(lot.location);
  const [condition, setCondition] = useState(lot.condition);
  const [reason, setReason] = useState('');
  const [list, setList] = useState(true);
  const settle = { onError: (error: unknown) => notifyError(error, t), onSettled: () => { for (const area of [orpc.stock, orpc.stockCounts, orpc.listings]) void queries.invalidateQueries({ queryKey: area.key() }); } };
  const back = useMutation(orpc.stockCounts.move.mutationOptions(settle));
  const parts = units < lot.onHand || condition !== lot.condition;
  const move = useMutation(orpc.stockCounts.move.mutationOptions({
    ...settle,
    onSuccess: (moved) => notify({
      message: t(parts ? 'stock:move.parted' : 'stock:move.moved'),
      action: parts ? undefined : { label: t('common:undo'), run: () => back.mutate({ id: moved.lotId, version: moved.version, units: lot.onHand, location: lot.location, condition: lot.condition as Condition, reason: '', list: false }) },
    }),
  }));
  const ready = units >= 1 && units <= lot.onHand && location.trim() !== '' && (location.trim() !== lot.location || condition !== lot.condition);
  return (
    <form className="stack" onSubmit={(event) => { event.preventDefault(); if (ready) move.mutate({ id: lot.id, version: lot.version, units, location: location.trim(), condition: condition as Condition, reason: reason.trim(), list: parts && list }); }}>
      <div className="row wrap" style={{ alignItems: 'flex-end' }}>
        <NumberInput label={t('stock:move.units')} w="6rem" min={1} max={lot.onHand} allowDecimal={false} value={units} onChange={(value) => setUnits(Number(value) || 0)} />
        <TextInput label={t('stock:column.location')} w="9rem" maxLength={60} value={location} onChange={(event) => setLocation(event.currentTarget.value)} />
        <Select label={t('stock:column.condition')} w="11rem" value={condition} data={HAND_CONDITIONS.map((value) => ({ value, label: t(`stock:hand.condition.${value}`) }))} onChange={(value) => setCondition(value ?? lot.condition)} />
        <TextInput label={t('stock:move.reason')} className="grow" miw="9rem" maxLength={300} value={reason} onChange={(event) => setReason(event.currentTarget.value)} />
      </div>
      {parts ? <><p className="small muted">{t('stock:move.note')}</p><Checkbox label={t('stock:hand.list')} checked={list} onChange={(event) => setList(event.currentTarget.checked)} /></> : null}
      <div className="row" style={{ justifyContent: 'flex-end' }}><Button type="submit" variant="default" disabled={!ready} loading={move.isPending}>{t('stock:move.action', { count: units })}</Button></div>
    </form>
  );
}

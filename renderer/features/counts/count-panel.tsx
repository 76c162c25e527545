import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { StockCountDetail } from '#contract/stock-counts.ts';
import { client, orpc } from '../../rpc/client.ts';
import { Confirm } from '../../ui/confirm.tsx';
import { FieldList } from '../../ui/field-list.tsx';
import { useFormat } from '../../ui/format.ts';
import { Money } from '../../ui/money.tsx';
import { notify, notifyError } from '../../ui/notify.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { DetailSkeleton, ErrorState } from '../../ui/states.tsx';
import { StatusBadge, type StatusTone } from '../../ui/status-badge.tsx';
import { CountSheet, type Said } from './count-sheet.tsx';

export const COUNT_TONES: Readonly<Record<StockCountDetail['state'], StatusTone>> = { open: 'attention', booked: 'done', undone: 'ended', cancelled: 'ended' };

function useCount(id: string) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const key = orpc.stockCounts.get.queryKey({ input: { id } });
  const keep = (count: StockCountDetail) => queries.setQueryData(key, count);
  const settle = { onError: (error: unknown) => { notifyError(error, t); void queries.invalidateQueries({ queryKey: key }); }, onSettled: () => { for (const area of [orpc.stockCounts, orpc.stock, orpc.ledger, orpc.reorder]) void queries.invalidateQueries({ queryKey: area.key() }); } };
  // one after the other, each with the version that the last one left
  const say = useMutation({ scope: { id: `count-${id}` }, mutationFn: (said: Said) => client.stockCounts.record({ id, version: queries.getQueryData<StockCountDetail>(key)!.version, lines: [said] }), onSuccess: keep, onError: settle.onError });
  const undo = useMutation(orpc.stockCounts.undo.mutationOptions({ ...settle, onSuccess: (count) => { keep(count); notify({ message: t('counts:undone-notice') }); } }));
  const book = useMutation(orpc.stockCounts.book.mutationOptions({ ...settle, onSuccess: (count) => { keep(count); notify({ message: t('counts:booked-notice'), action: { label: t('common:undo'), run: () => undo.mutate({ id, version: count.version }) } }); } }));
  const cancel = useMutation(orpc.stockCounts.cancel.mutationOptions({ ...settle, onSuccess: keep }));
  return { say, undo, book, cancel };
}

/** A sheet: what was expected, what is there, and the difference on its way to the books. */
export function CountPanel({ id }: { readonly id: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [asking, ask] = useState<'book' | 'cancel' | 'undo' | null>(null);
  const { data: count, error, isPending, refetch } = useQuery(orpc.stockCounts.get.queryOptions({ input: { id } }));
  const { say, undo, book, cancel } = useCount(id);
  if (isPending) return <DetailSkeleton />;
  if (error && !count) return <ErrorState error={error} onRetry={() => void refetch()} />;
  const seen = { id, version: count.version };
  const end = () => ask(null);
  const differing = count.sheet.filter((line) => line.counted !== null && line.counted !== line.expected);
  const unexplained = differing.filter((line) => (line.reason ?? '').trim().length < 3).length;
  const left = count.lines - count.counted;
  return (
    <article className="detail">
      <header className="detail-head"><h2>{count.name}</h2><p className="small muted">{[count.location ?? t('counts:everywhere'), count.condition === null ? t('counts:every-condition') : t(`stock:hand.condition.${count.condition}`, { defaultValue: count.condition })].join(' · ')}</p></header>
      <div className="detail-body" tabIndex={0} role="region" aria-label={t('counts:detail')}>
        <div className="section stack">
          <div className="row"><StatusBadge tone={COUNT_TONES[count.state]} label={t(`counts:state.${count.state}`)} /><span className="small muted">{t(`counts:state-note.${count.state}`)}</span></div>
          <FieldList sparse fields={[
            [t('counts:column.counted'), t('counts:of', { counted: format.number(count.counted), lines: format.number(count.lines) })], [t('counts:loss'), <Money key="v" value={count.loss} />], [t('counts:gain'), <Money key="v" value={count.gain} />],
            [t('counts:column.created'), <RelativeTime key="v" at={count.createdAt} />], [t('counts:column.booked'), count.bookedAt === null ? null : <RelativeTime key="v" at={count.bookedAt} />],
          ]} />
        </div>
        <section className="section"><h2>{t('counts:sheet')}</h2><CountSheet count={count} onSay={(said) => say.mutate(said)} /></section>
      </div>
      <footer className="detail-foot">
        {count.state === 'open' ? <Button size="sm" disabled={count.counted === 0 || unexplained > 0 || say.isPending} onClick={() => ask('book')}>{t('counts:book')}</Button> : null}
        {unexplained > 0 && count.state === 'open' ? <span className="small attention">{t('counts:unexplained', { count: unexplained })}</span> : null}
        <span className="grow" />
        {count.state === 'open' ? <Button size="sm" variant="subtle" onClick={() => ask('cancel')}>{t('counts:cancel')}</Button> : null}
        {count.state === 'booked' ? <Button size="sm" variant="subtle" onClick={() => ask('undo')}>{t('counts:undo')}</Button> : null}
        <Confirm opened={asking === 'book'} onClose={end} title={t('counts:book-title', { name: count.name })} action={t('counts:book')} busy={book.isPending} onConfirm={() => book.mutate(seen, { onSettled: end })}>
          <p>{t('counts:book-text', { count: differing.length, loss: format.money(count.loss), gain: format.money(count.gain) })}</p>{left > 0 ? <p className="muted">{t('counts:book-left', { count: left })}</p> : null}
        </Confirm>
        <Confirm opened={asking === 'undo'} onClose={end} title={t('counts:undo-title', { name: count.name })} action={t('counts:undo')} busy={undo.isPending} onConfirm={() => undo.mutate(seen, { onSettled: end })}><p>{t('counts:undo-text')}</p></Confirm>
        <Confirm opened={asking === 'cancel'} onClose={end} title={t('counts:cancel-title', { name: count.name })} action={t('counts:cancel')} busy={cancel.isPending} onConfirm={() => cancel.mutate(seen, { onSettled: end })}><p>{t('counts:cancel-text')}</p></Confirm>
      </footer>
    </article>
  );
}

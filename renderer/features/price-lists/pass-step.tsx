import { Button, NumberInput, Progress } from '@mantine/core';
import { IconPlayerPause, IconPlayerPlay, IconTable } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { PRICE_ORIGINS } from '#contract/words.ts';
import { orpc } from '../../rpc/client.ts';
import { useFormat } from '../../ui/format.ts';
import { ErrorState } from '../../ui/states.tsx';
import { useListActions, type ListView } from './use-actions.ts';
import type { Filter } from './search.ts';

function Working({ list }: { readonly list: ListView }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { stop } = useListActions(list.id);
  const { progress } = list;
  const words = progress === null ? t('price-lists:beginning') : progress.total === null ? format.number(progress.done) : t('price-lists:of', { done: format.number(progress.done), total: format.number(progress.total) });
  const share = progress?.total ? Math.min(100, (100 * progress.done) / progress.total) : null;
  const passing = list.stage === 'passing';
  return (
    <section className="card list-card" aria-live="polite">
      <h3>{t(passing ? 'price-lists:passing' : 'price-lists:running')}</h3>
      <Progress value={share ?? 100} striped={share === null} aria-label={words} />
      <div className="row"><span className="num muted">{words}</span><span className="grow" /><Button variant="default" leftSection={<IconPlayerPause size="0.875rem" />} loading={stop.isPending} onClick={() => stop.mutate({ id: list.id })}>{t(passing ? 'price-lists:cancel' : 'price-lists:pause')}</Button></div>
      {passing ? null : <p className="small muted">{t('price-lists:running-note')}</p>}
    </section>
  );
}

function Figures({ list, onResults }: { readonly list: ListView; readonly onResults: (filter?: Filter) => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { counts, changes } = list;
  if (!counts) return null;
  // where nobody said a selling price, nothing is known of what a row may earn before the market is asked
  const priced = PRICE_ORIGINS.flatMap((by) => (counts.priced?.[by] ? [t(`price-lists:priced.${by}`, { count: counts.priced[by], rows: format.number(counts.priced[by]) })] : []));
  const hasSale = priced.length > 0 || (counts.priced === undefined && list.layout.columns.some((column) => column.role === 'retail'));
  const figures: [string, number, Filter | undefined][] = [['rows', counts.rows, undefined], ...(hasSale ? [['promising', counts.promising, 'profitable'] as [string, number, Filter]] : []), ['known', counts.known, undefined], ['unknown', counts.unknown + counts.noCode, 'not-found'], ['repaired', counts.repaired, 'repaired'], ['rejected', counts.rejected, 'bad']];
  if (changes) figures.push(['new', changes.new, 'new'], ['gone', changes.gone, 'gone'], ['dearer', changes.dearer, 'dearer'], ['cheaper', changes.cheaper, 'cheaper']);
  return (
    <>
      <dl className="list-figures">{figures.map(([name, value, filter]) => <div key={name} className="card"><dt>{t(`price-lists:figure.${name}`)}</dt><dd className="num">{value > 0 ? <Button variant="transparent" p={0} h="auto" fz="inherit" fw="inherit" aria-label={t('price-lists:show', { what: t(`price-lists:figure.${name}`), count: format.number(value) })} onClick={() => onResults(filter)}>{format.number(value)}</Button> : format.number(value)}</dd></div>)}</dl>
      <p className="muted">{priced.length > 0 ? t('price-lists:priced', { by: priced.join(', ') }) : t('price-lists:priced-none')}</p>
      {(counts.otherCurrencies ?? []).map(({ currency, card, rows, rate }) => {
        const said = { currency, card, rows: format.number(rows) };
        return rate === null
          ? <div key={currency} className="notice" role="note">{t('price-lists:not-exchanged', said)}</div>
          : <p key={currency} className="muted">{t('price-lists:exchanged', { ...said, hundred: format.money(rate.hundred), source: rate.source, day: format.day(rate.asOf) })}</p>;
      })}
      {changes ? <p className="muted">{t('price-lists:compared', { name: changes.previousName })}</p> : null}
    </>
  );
}

/** What the rest would take of what is there, said before anything is spent. */
function Rest({ list }: { readonly list: ListView }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { run } = useListActions(list.id);
  const [most, setMost] = useState<number | null>(list.rest?.most ?? null);
  const query = useQuery(orpc.priceLists.cost.queryOptions({ input: { id: list.id, ...(most === null ? {} : { most }) }, placeholderData: keepPreviousData }));
  if (query.error) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  const cost = query.data;
  const { rest } = list;
  const unitOf = (unit: string) => t(`price-lists:unit.${unit}`, { defaultValue: unit });
  const whole = rest !== null && most === null && rest.done >= rest.total && rest.most === null;
  return (
    <section className="card list-card">
      <h3>{t('price-lists:rest')}</h3>
      {list.error ? <div className="notice" role="alert"><strong>{t('price-lists:stopped')}</strong> {list.error}</div> : null}
      {rest && rest.done > 0 ? <p>{t('price-lists:asked', { done: format.number(rest.done), total: format.number(rest.total), profitable: format.number(rest.profitable) })}</p> : null}
      {whole ? null : (
        <>
          {cost?.vendor ? <p>{t('price-lists:cost', { count: cost.vendor.calls, rows: format.number(cost.rows), codes: format.number(cost.codes), cost: format.number(cost.vendor.cost), unit: unitOf(cost.vendor.unit), calls: format.number(cost.vendor.calls), time: cost.vendor.durationMs < 1_000 ? t('sources:cost.at-once') : t('price-lists:cost-about', { time: format.duration(cost.vendor.durationMs / 1_000) }), vendor: t(`sources:cost.vendor.${cost.vendor.name}`, { defaultValue: cost.vendor.name }) })}</p> : null}
          {cost?.vendor ? cost.also.map((one) => <p key={`${one.connector}:${one.operation}`} className="muted">{t('price-lists:cost-also', { connector: t(`sources:cost.vendor.${one.connector}`, { defaultValue: one.connector }), operation: t(`sources:cost.unit.${one.operation}`, { defaultValue: one.operation }), expected: format.number(one.cost.expected), most: format.number(one.cost.most) })}</p>) : null}
          {cost?.vendor ? <p className="muted">{t('price-lists:budget', { available: format.number(cost.vendor.available), left: format.number(cost.vendor.leftAfter), unit: unitOf(cost.vendor.unit), refill: format.number(cost.vendor.refillPerMinute, 1) })}</p> : null}
          {query.isPending ? <p className="muted" role="status">{t('price-lists:costing')}</p> : null}
          {cost && !cost.vendor ? <div className="notice" role="alert">{t('price-lists:no-vendor')}</div> : null}
          <div className="row wrap" style={{ alignItems: 'end' }}>
            <NumberInput label={t('price-lists:most')} placeholder={t('price-lists:most-all')} min={1} allowDecimal={false} allowNegative={false} value={most ?? ''} onChange={(value) => setMost(typeof value === 'number' && value > 0 ? value : null)} style={{ inlineSize: '12rem' }} />
            <Button leftSection={<IconPlayerPlay size="0.875rem" />} loading={run.isPending} disabled={!cost?.vendor} onClick={() => run.mutate({ id: list.id, most })}>{t(list.stage === 'paused' ? 'price-lists:resume' : 'price-lists:run')}</Button>
          </div>
        </>
      )}
    </section>
  );
}

/** What the first pass came to, and the way on. */
export function PassStep({ list, onResults }: { readonly list: ListView; readonly onResults: (filter?: Filter) => void }) {
  const { t } = useTranslation();
  const busy = list.stage === 'passing' || list.stage === 'running';
  return (
    <div className="list-body" tabIndex={0} role="region" aria-label={t('price-lists:step.pass')}>
      {busy ? <Working list={list} /> : null}
      <Figures list={list} onResults={onResults} />
      {!busy && list.counts ? <Rest key={list.stage} list={list} /> : null}
      {list.counts ? <div className="row"><Button variant="default" leftSection={<IconTable size="0.875rem" />} onClick={() => onResults()}>{t('price-lists:see-results')}</Button></div> : null}
    </div>
  );
}

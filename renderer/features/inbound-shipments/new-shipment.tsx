import { Button, Checkbox, Modal, NumberInput, Select, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { InboundAddress } from '#contract/inbound-shipments.ts';
import { orpc } from '../../rpc/client.ts';
import { useEngineNow } from '../../ui/engine-clock.ts';
import { useFormat } from '../../ui/format.ts';
import { SearchBox } from '../../ui/search-box.tsx';
import { EmptyState, ErrorState, TableSkeleton } from '../../ui/states.tsx';
import { useStep } from './use-step.ts';
import './inbound.css';

const DAY_MS = 86_400_000;
const FIELDS = ['name', 'company', 'line1', 'line2', 'city', 'state', 'postcode', 'country', 'phone'] as const satisfies readonly (keyof InboundAddress)[];
const NEEDED: ReadonlySet<string> = new Set(['name', 'line1', 'city', 'postcode', 'country', 'phone']);
const MOST: Readonly<Record<(typeof FIELDS)[number], number>> = { name: 50, company: 50, line1: 180, line2: 60, city: 30, state: 64, postcode: 32, country: 2, phone: 20 };

interface LotChoiceProps { readonly chosen: ReadonlyMap<string, number>; readonly onChoose: (lotId: string, units: number | null) => void; readonly first: string | null; readonly taken: readonly string[] }

/** Lots that are here, the one that it began with on top. */
function LotChoice({ chosen, onChoose, first, taken }: LotChoiceProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const [q, setQ] = useState('');
  const list = useQuery(orpc.stock.list.queryOptions({ input: { state: 'on-hand', limit: 100, ...(q ? { search: q } : {}) } }));
  const one = useQuery({ ...orpc.stock.get.queryOptions({ input: { id: first ?? '' } }), enabled: first !== null });
  if (list.isPending) return <TableSkeleton rows={4} columns={3} />;
  if (list.error) return <ErrorState error={list.error} onRetry={() => void list.refetch()} />;
  const rows = [...(one.data ? [one.data] : []), ...list.data.items.filter(({ id }) => id !== one.data?.id)].filter((lot) => lot.state === 'on-hand' && !taken.some((place) => lot.location.includes(place)));
  return (
    <div className="stack">
      <SearchBox value={q} onChange={setQ} label={t('stock:search')} />
      {rows.length === 0 ? <EmptyState title={t('inbound:no-lots')} /> : (
        <div className="inbound-lots" tabIndex={0} role="region" aria-label={t('inbound:lots')}>
          <table className="plain-table">
            <thead><tr><th scope="col">{t('stock:column.title')}</th><th scope="col" data-align="end">{t('stock:column.onhand')}</th><th scope="col">{t('stock:column.location')}</th><th scope="col" data-align="end">{t('inbound:send-units')}</th></tr></thead>
            <tbody>{rows.map((lot) => {
              const units = chosen.get(lot.id);
              return (
                <tr key={lot.id}>
                  <td><Checkbox checked={units !== undefined} label={<span dir="auto">{lot.title}</span>} onChange={(event) => onChoose(lot.id, event.currentTarget.checked ? lot.onHand : null)} /></td>
                  <td data-align="end" className="num">{format.number(lot.onHand)}</td><td className="muted">{lot.location}</td>
                  <td data-align="end"><NumberInput w="6rem" ml="auto" size="xs" aria-label={t('inbound:send-units-of', { title: lot.title })} min={1} max={lot.onHand} allowDecimal={false} disabled={units === undefined} value={units ?? ''} onChange={(value) => onChoose(lot.id, Math.min(lot.onHand, Math.max(1, Number(value) || 1)))} /></td>
                </tr>
              );
            })}</tbody>
          </table>
        </div>
      )}
    </div>
  );
}

/** What is sent, and where from. Nothing leaves before the draft is started. */
export function NewShipment({ lot, onClose, onMade }: { readonly lot: string | null; readonly onClose: () => void; readonly onMade: (id: string) => void }) {
  const { t } = useTranslation();
  const now = useEngineNow(3_600_000);
  const step = useStep();
  const { data: defaults, error, isPending, refetch } = useQuery(orpc.inboundShipments.defaults.queryOptions());
  const first = useQuery({ ...orpc.stock.get.queryOptions({ input: { id: lot ?? '' } }), enabled: lot !== null });
  const [changed, change] = useState<ReadonlyMap<string, number> | null>(null);
  const chosen = changed ?? new Map(first.data ? [[first.data.id, first.data.onHand]] : []);
  const [market, setMarket] = useState<string | null>(null);
  const [edited, edit] = useState<Partial<InboundAddress>>({});
  const [day, setDay] = useState(new Date(now + DAY_MS).toISOString().slice(0, 10));
  const create = useMutation(orpc.inboundShipments.create.mutationOptions({ ...step, onSuccess: (made) => { step.onSuccess(made); onClose(); onMade(made.id); } }));
  const body = () => {
    if (isPending) return <TableSkeleton rows={5} columns={3} />;
    if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
    if (defaults.channels.length === 0) return <EmptyState title={t('inbound:no-channel')}>{t('inbound:no-channel-text')}</EmptyState>;
    const from = { ...defaults.from, ...edited };
    const channel = market ?? defaults.channels[0]!.market;
    const readyAt = Date.parse(`${day}T12:00:00Z`);
    const ready = chosen.size > 0 && !Number.isNaN(readyAt) && FIELDS.every((field) => !NEEDED.has(field) || from[field].trim() !== '') && /^[A-Z]{2}$/.test(from.country);
    return (
      <form className="stack" onSubmit={(event) => { event.preventDefault(); if (ready) create.mutate({ channel, from, readyAt, lines: [...chosen].map(([lotId, units]) => ({ lotId, units })) }); }}>
        <LotChoice chosen={chosen} first={lot} taken={defaults.channels.map(({ place }) => place)} onChoose={(id, units) => { const next = new Map(chosen); if (units === null) next.delete(id); else next.set(id, units); change(next); }} />
        <h3 style={{ marginBlockStart: '0.25rem' }}>{t('inbound:from')}</h3>
        <div className="inbound-form">
          {defaults.channels.length > 1 ? <Select label={t('inbound:to')} value={channel} data={defaults.channels.map((one) => ({ value: one.market, label: one.name }))} onChange={setMarket} /> : null}
          {FIELDS.map((field) => <TextInput key={field} label={t(`inbound:address.${field}`)} withAsterisk={NEEDED.has(field)} maxLength={MOST[field]} value={from[field]} onChange={(event) => { const { value } = event.currentTarget; edit((before) => ({ ...before, [field]: field === 'country' ? value.toUpperCase() : value })); }} />)}
          <TextInput type="date" label={t('inbound:ready-on')} withAsterisk value={day} onChange={(event) => setDay(event.currentTarget.value)} />
        </div>
        <p className="small muted">{t('inbound:draft-note')}</p>
        <div className="row" style={{ justifyContent: 'flex-end' }}><Button variant="default" onClick={onClose}>{t('common:cancel')}</Button><Button type="submit" disabled={!ready} loading={create.isPending}>{t('inbound:make')}</Button></div>
      </form>
    );
  };
  return <Modal opened onClose={onClose} size="xl" title={<strong>{t('inbound:new')}</strong>} closeButtonProps={{ 'aria-label': t('common:close') }}>{body()}</Modal>;
}

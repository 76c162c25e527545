import { Button, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { InboundDetail, InboundLine, InboundState } from '#contract/inbound-shipments.ts';
import { orpc } from '../../rpc/client.ts';
import { Confirm } from '../../ui/confirm.tsx';
import { useTimeline } from '../../ui/event-data.tsx';
import { FieldList } from '../../ui/field-list.tsx';
import { useFormat } from '../../ui/format.ts';
import { Money } from '../../ui/money.tsx';
import { useWordReason } from '../../ui/reason.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { DetailSkeleton, ErrorState } from '../../ui/states.tsx';
import { StatusBadge } from '../../ui/status-badge.tsx';
import { Timeline } from '../../ui/timeline.tsx';
import { Charged } from './charges.tsx';
import { BoxForm } from './box-form.tsx';
import { ChooseForm } from './choose-form.tsx';
import { Labels, SendForm } from './send-form.tsx';
import { AT_WORK, INBOUND_TONES } from './tone.ts';
import { useStep } from './use-step.ts';
import './inbound.css';

const STEPS: readonly (readonly InboundState[])[] = [['draft'], ['planning'], ['packing'], ['placing', 'choosing'], ['confirming', 'ready', 'reporting'], ['sent'], ['receiving', 'differs'], ['closed']];
const LOOK_AGAIN_MS = 2_000;

/** Where it stands between the shelf and the warehouse. */
function Steps({ shipment }: { readonly shipment: InboundDetail }) {
  const { t } = useTranslation();
  const state = shipment.failedFrom ?? shipment.state;
  const at = STEPS.findIndex((states) => states.includes(state));
  if (at < 0) return null;
  return <ol className="inbound-steps small" aria-label={t('inbound:steps')}>{STEPS.map(([name], place) => <li key={name} data-at={place < at || shipment.state === 'closed' ? 'done' : place === at ? 'now' : 'later'} aria-current={place === at ? 'step' : undefined}>{t(`inbound:step.${name!}`)}</li>)}</ol>;
}

/** What to do about a line of which fewer came, or that came damaged. */
function Difference({ shipment, line }: { readonly shipment: InboundDetail; readonly line: InboundLine }) {
  const { t } = useTranslation();
  const [reason, setReason] = useState('');
  const settle = useMutation(orpc.inboundShipments.settle.mutationOptions(useStep()));
  const said = (action: 'written-off' | 'accepted') => settle.mutate({ id: shipment.id, version: shipment.version, lineId: line.id, action, reason: reason.trim() });
  const ready = reason.trim().length >= 3;
  const short = line.units - line.received;
  return (
    <div className="inbound-box stack">
      <p><strong dir="auto">{line.title}</strong></p>
      <p className="small">{[short > 0 ? t('inbound:short', { count: short }) : short < 0 ? t('inbound:over', { count: -short }) : '', line.damaged > 0 ? t('inbound:damaged', { count: line.damaged }) : ''].filter(Boolean).join(' ')} {t('inbound:differs-do')}</p>
      <div className="row wrap" style={{ alignItems: 'flex-end' }}>
        <TextInput className="grow" miw="10rem" label={t('inbound:why')} aria-label={t('inbound:why-of', { title: line.title })} maxLength={300} value={reason} onChange={(event) => setReason(event.currentTarget.value)} />
        <Button size="sm" disabled={!ready} loading={settle.isPending} onClick={() => said('written-off')}>{t(short + line.damaged < 0 ? 'inbound:book-found' : 'inbound:write-off', { count: Math.abs(short + line.damaged) })}</Button>
        <Button size="sm" variant="default" disabled={!ready} loading={settle.isPending} onClick={() => said('accepted')}>{t('inbound:accept')}</Button>
      </div>
    </div>
  );
}

function Lines({ shipment }: { readonly shipment: InboundDetail }) {
  const { t } = useTranslation();
  const format = useFormat();
  const counted = ['receiving', 'differs', 'closed'].includes(shipment.state);
  return (
    <div className="inbound-scroll" tabIndex={0} role="region" aria-label={t('inbound:lines')}>
      <table className="plain-table">
        <thead><tr><th scope="col">{t('stock:column.title')}</th><th scope="col" data-align="end">{t('inbound:units')}</th>{counted ? <th scope="col" data-align="end">{t('inbound:received')}</th> : null}<th scope="col" data-align="end">{t('stock:column.cost')}</th></tr></thead>
        <tbody>{shipment.lineItems.map((line) => (
          <tr key={line.id}>
            <td><Link to="/stock" search={{ open: line.lotId ?? line.sourceLotId } as never}>{line.title}</Link>
              <div className="small muted">{[line.sku ?? line.sourcePlace, line.prep ? [t(`inbound:prep.${line.prep.prepBy}`), t(`inbound:label.${line.prep.labelBy}`)].join(', ') : ''].filter(Boolean).join(' · ')}</div>
              {line.settled ? <div className="small muted">{t(`inbound:settled.${line.settled.action}`, { count: Math.abs(line.settled.units), reason: line.settled.reason })}</div> : null}</td>
            <td data-align="end" className="num">{format.number(line.units)}</td>
            {counted ? <td data-align="end" className="num">{format.number(line.received)}{line.damaged > 0 ? <div className="small attention">{t('inbound:damaged', { count: line.damaged })}</div> : null}</td> : null}
            <td data-align="end">{line.unitCost ? <Money value={line.unitCost} /> : <span className="muted">–</span>}</td>
          </tr>
        ))}</tbody>
      </table>
    </div>
  );
}

function Deliveries({ shipment }: { readonly shipment: InboundDetail }) {
  const { t } = useTranslation();
  if (shipment.deliveries.length === 0) return null;
  return (
    <section className="section stack">
      <h2>{t('inbound:boxes')}</h2>
      <Labels shipment={shipment} />
      <div className="inbound-scroll" tabIndex={0} role="region" aria-label={t('inbound:boxes')}>
        <table className="plain-table">
          <thead><tr><th scope="col">{t('inbound:box-column')}</th><th scope="col">{t('inbound:warehouse')}</th><th scope="col">{t('inbound:carrier')}</th><th scope="col">{t('inbound:tracking')}</th><th scope="col">{t('inbound:channel-says')}</th></tr></thead>
          <tbody>{shipment.deliveries.flatMap((delivery) => delivery.boxes.map((box) => (
            <tr key={box.boxId}><td className="num">{box.boxId}</td><td>{delivery.warehouse}</td><td>{delivery.carrier}</td><td className="num">{box.tracking ?? <span className="muted">–</span>}</td><td>{t(`inbound:status.${delivery.status}`, { defaultValue: delivery.status })}</td></tr>
          )))}</tbody>
        </table>
      </div>
    </section>
  );
}

function Agreed({ shipment }: { readonly shipment: InboundDetail }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { chosen } = shipment;
  if (!chosen) return null;
  return (
    <section className="section stack">
      <h2>{t('inbound:agreed')}</h2>
      <table className="plain-table"><tbody>
        <tr><td>{t('inbound:placement-fee')}</td><td data-align="end"><Money value={chosen.placementFee} /></td></tr>
        {chosen.packingFee.minor === 0 ? null : <tr><td>{t('inbound:packing-cost')}</td><td data-align="end"><Money value={chosen.packingFee} /></td></tr>}
        {chosen.transports.map((one) => <tr key={one.shipmentId}><td>{one.carrier}</td><td data-align="end">{one.cost ? <Money value={one.cost} /> : <span className="muted">{t('inbound:own-carrier')}</span>}</td></tr>)}
        <tr><td><strong>{t('inbound:sum')}</strong></td><td data-align="end"><Money value={chosen.total} strong /></td></tr>
      </tbody></table>
      <p className="small muted">{t('inbound:agreed-at', { at: format.dateTime(chosen.at) })} {shipment.freeUntil !== null && shipment.state === 'ready' ? t('inbound:free-until', { at: format.dateTime(shipment.freeUntil) }) : ''}</p>
    </section>
  );
}

const CANCELLABLE: ReadonlySet<InboundState> = new Set(['draft', 'packing', 'choosing', 'ready', 'stopped']);

function Actions({ shipment }: { readonly shipment: InboundDetail }) {
  const { t } = useTranslation();
  const step = useStep();
  const [asking, ask] = useState<'start' | 'cancel' | null>(null);
  const closing = { ...step, onSettled: () => { ask(null); step.onSettled(); } };
  const start = useMutation(orpc.inboundShipments.start.mutationOptions(closing));
  const cancel = useMutation(orpc.inboundShipments.cancel.mutationOptions(closing));
  const retry = useMutation(orpc.inboundShipments.retry.mutationOptions(step));
  const refresh = useMutation(orpc.inboundShipments.refresh.mutationOptions(step));
  const seen = { id: shipment.id, version: shipment.version };
  const { state } = shipment;
  const cancellable = CANCELLABLE.has(state) && shipment.failedFrom !== 'reporting';
  if (!cancellable && !['sent', 'receiving', 'stopped'].includes(state)) return null;
  return (
    <footer className="detail-foot">
      {state === 'draft' ? <Button size="sm" onClick={() => ask('start')}>{t('inbound:start')}</Button> : null}
      {state === 'stopped' ? <Button size="sm" loading={retry.isPending} onClick={() => retry.mutate(seen)}>{t('inbound:retry')}</Button> : null}
      {state === 'sent' || state === 'receiving' ? <Button size="sm" variant="default" loading={refresh.isPending} onClick={() => refresh.mutate({ id: shipment.id })}>{t('inbound:refresh')}</Button> : null}
      <span className="grow" />
      {cancellable ? <Button size="sm" variant="subtle" onClick={() => ask('cancel')}>{t('inbound:cancel')}</Button> : null}
      <Confirm opened={asking === 'start'} onClose={() => ask(null)} title={t('inbound:start-title', { count: shipment.units })} action={t('inbound:start')} busy={start.isPending} onConfirm={() => start.mutate(seen)}><p>{t('inbound:start-text')}</p></Confirm>
      <Confirm opened={asking === 'cancel'} onClose={() => ask(null)} title={t('inbound:cancel-title', { number: shipment.number })} action={t('inbound:cancel')} busy={cancel.isPending} onConfirm={() => cancel.mutate(seen)}><p>{t(state === 'draft' ? 'inbound:cancel-draft' : 'inbound:cancel-text')}</p></Confirm>
    </footer>
  );
}

/** One shipment: where it stands, what is asked of the person now, and what became of it. */
export function InboundPanel({ id }: { readonly id: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const word = useWordReason();
  const timeline = useTimeline('inbound');
  const { data: shipment, error, isPending, refetch } = useQuery({ ...orpc.inboundShipments.get.queryOptions({ input: { id } }), refetchInterval: ({ state }) => (state.data && AT_WORK.has(state.data.state) ? LOOK_AGAIN_MS : false) });
  if (isPending) return <DetailSkeleton />;
  if (error && !shipment) return <ErrorState error={error} onRetry={() => void refetch()} />;
  const { state } = shipment;
  return (
    <article className="detail">
      <header className="detail-head"><h2>{shipment.number}</h2><p className="small muted">{t('inbound:head', { count: shipment.units, channel: t(`listings:channel.${shipment.channel}`, { defaultValue: shipment.channel }) })}</p></header>
      <div className="detail-body" tabIndex={0} role="region" aria-label={t('inbound:detail')}>
        <div className="section stack">
          <div className="row"><StatusBadge tone={INBOUND_TONES[state]} label={t(`inbound:state.${state}`)} /><span className="small muted">{t(`inbound:state-note.${state}`)}</span></div>
          <Steps shipment={shipment} />
          {shipment.reason ? <div className="notice" role="alert">{word(shipment.reason)}</div> : null}
          <FieldList sparse fields={[
            [t('inbound:from'), [shipment.from.name, shipment.from.line1, shipment.from.city, shipment.from.country].join(', ')], [t('inbound:ready-on'), format.date(shipment.readyAt)], [t('inbound:plan'), shipment.planId === null ? null : <span key="v" className="num small">{shipment.planId}</span>],
            [t('inbound:sent-at'), shipment.sentAt === null ? null : <RelativeTime key="v" at={shipment.sentAt} />],
          ]} />
        </div>
        {state === 'packing' && shipment.packing ? <section className="section"><h2>{t('inbound:what-in-which')}</h2><BoxForm key={shipment.version} shipment={shipment} /></section> : null}
        {state === 'choosing' && shipment.options ? <section className="section"><h2>{t('inbound:what-it-costs')}</h2><ChooseForm key={shipment.version} shipment={shipment} /></section> : null}
        {state === 'differs' ? <section className="section stack"><h2>{t('inbound:differences')}</h2>{shipment.lineItems.filter((line) => line.settled === null && (line.units !== line.received || line.damaged > 0)).map((line) => <Difference key={line.id} shipment={shipment} line={line} />)}</section> : null}
        <Deliveries shipment={shipment} />
        {state === 'ready' ? <section className="section"><h2>{t('inbound:hand-over')}</h2><SendForm shipment={shipment} /></section> : null}
        <section className="section stack"><h2>{t('inbound:lines')}</h2><Lines shipment={shipment} />{shipment.deliveries.length === 0 && shipment.planId !== null && state !== 'cancelled' ? <Labels shipment={shipment} /> : null}</section>
        <Agreed shipment={shipment} />
        {shipment.sentAt === null ? null : <Charged id={shipment.id} />}
        <section className="section"><h2>{t('inbound:history')}</h2><Timeline events={timeline(shipment.events)} /></section>
      </div>
      <Actions key={state} shipment={shipment} />
    </article>
  );
}

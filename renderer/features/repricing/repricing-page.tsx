import { ActionIcon, Button, Tooltip } from '@mantine/core';
import { IconArrowBackUp, IconPlayerPause, IconPlayerPlay, IconTag } from '@tabler/icons-react';
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RepriceRow, RepriceSettings } from '#contract/repricing.ts';
import { orpc } from '../../rpc/client.ts';
import { Money } from '../../ui/money.tsx';
import { notify, notifyError } from '../../ui/notify.tsx';
import { Page } from '../../ui/page.tsx';
import { useWordReason } from '../../ui/reason.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { DetailSkeleton, EmptyState, ErrorState } from '../../ui/states.tsx';
import { RulesCard } from './rules-card.tsx';
import './repricing.css';

function PreviewRow({ row, onPause }: { readonly row: RepriceRow; readonly onPause: (paused: boolean) => void }) {
  const { t } = useTranslation();
  const word = useWordReason();
  const paused = row.pausedAt !== null;
  const label = t(paused ? 'repricing:resume' : 'repricing:pause', { title: row.title });
  return (
    <tr>
      <td><Link to="/listings" search={{ open: row.listingId } as never}>{row.title}</Link><div className="small muted">{row.reasons.map((reason) => word(reason)).join(' ')}</div></td>
      <td data-align="end"><Money value={row.floor} /></td><td data-align="end">{row.lowest ? <Money value={row.lowest} /> : <span className="muted">–</span>}</td><td data-align="end"><Money value={row.price} /></td>
      <td data-align="end">{row.action === 'change' ? <Money value={row.proposed} strong /> : <span className="muted">{t(`repricing:action.${row.action}`)}</span>}</td>
      <td><Tooltip label={label}><ActionIcon variant="subtle" color="gray" aria-label={label} aria-pressed={paused} onClick={() => onPause(!paused)}>{paused ? <IconPlayerPlay size="1rem" /> : <IconPlayerPause size="1rem" />}</ActionIcon></Tooltip></td>
    </tr>
  );
}

function Preview({ settings }: { readonly settings: RepriceSettings }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const { data, error, isPending, refetch } = useQuery({ ...orpc.repricing.preview.queryOptions({ input: { settings } }), staleTime: 0, placeholderData: keepPreviousData });
  const pause = useMutation(orpc.repricing.pause.mutationOptions({ onError: (failure: unknown) => notifyError(failure, t), onSettled: () => void queries.invalidateQueries({ queryKey: orpc.repricing.key() }) }));
  if (isPending) return <DetailSkeleton />;
  if (error && !data) return <ErrorState error={error} onRetry={() => void refetch()} />;
  const changes = data.rows.filter((row) => row.action === 'change').length;
  if (data.rows.length === 0) return <EmptyState icon={<IconTag size="1.75rem" stroke={1.5} />} title={t('repricing:none.title')} action={<Button component={Link} to="/listings" variant="default">{t('repricing:none.action')}</Button>}>{t('repricing:none.text')}</EmptyState>;
  return (
    <>
      <p className="small muted">{t(data.more ? 'repricing:preview-more' : 'repricing:preview-note', { count: changes, checked: data.checked })}</p>
      <div className="reprice-scroll" tabIndex={0} role="region" aria-label={t('repricing:preview')}>
        <table className="plain-table">
          <thead><tr><th scope="col">{t('repricing:listing')}</th><th scope="col" data-align="end">{t('repricing:floor')}</th><th scope="col" data-align="end">{t('repricing:lowest')}</th><th scope="col" data-align="end">{t('repricing:price')}</th><th scope="col" data-align="end">{t('repricing:proposed')}</th><th scope="col"><span className="visually-hidden">{t('repricing:hold')}</span></th></tr></thead>
          <tbody>{data.rows.map((row) => <PreviewRow key={row.listingId} row={row} onPause={(paused) => pause.mutate({ id: row.listingId, paused })} />)}</tbody>
        </table>
      </div>
    </>
  );
}

function Decisions() {
  const { t } = useTranslation();
  const word = useWordReason();
  const queries = useQueryClient();
  const { data, error, isPending, refetch } = useQuery(orpc.repricing.decisions.queryOptions({ input: { limit: 100 } }));
  const undo = useMutation(orpc.repricing.undo.mutationOptions({ onSuccess: () => notify({ message: t('repricing:undone') }), onError: (failure: unknown) => notifyError(failure, t), onSettled: () => { for (const area of [orpc.repricing, orpc.listings]) void queries.invalidateQueries({ queryKey: area.key() }); } }));
  if (isPending) return <DetailSkeleton />;
  if (error && !data) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (data.items.length === 0) return <p className="muted">{t('repricing:no-decisions')}</p>;
  return (
    <div className="reprice-scroll" tabIndex={0} role="region" aria-label={t('repricing:decisions')}>
      <table className="plain-table">
        <thead><tr><th scope="col">{t('repricing:when')}</th><th scope="col">{t('repricing:listing')}</th><th scope="col" data-align="end">{t('repricing:from')}</th><th scope="col" data-align="end">{t('repricing:to')}</th><th scope="col"><span className="visually-hidden">{t('repricing:undo')}</span></th></tr></thead>
        <tbody>
          {data.items.map((item) => (
            <tr key={item.id}>
              <td className="small"><RelativeTime at={item.at} /><div className="muted">{t(`repricing:trigger.${item.trigger}`, { defaultValue: item.trigger })}</div></td>
              <td><Link to="/listings" search={{ open: item.listingId } as never}>{item.title}</Link><div className="small muted">{item.reasons.map((reason) => word(reason)).join(' ')}</div></td>
              <td data-align="end"><Money value={item.from} /></td><td data-align="end">{item.action === 'change' ? <Money value={item.to} strong /> : <span className="muted">{t(`repricing:action.${item.action}`)}</span>}</td>
              <td>{item.canUndo ? <Button size="compact-xs" variant="default" leftSection={<IconArrowBackUp size="0.875rem" />} loading={undo.isPending} onClick={() => undo.mutate({ id: item.id })}>{t('repricing:undo')}</Button> : item.undoneAt === null ? null : <span className="small muted">{t('repricing:was-undone')}</span>}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** The rules by which prices move, what they would do now, and what they did and why. */
export function RepricingPage() {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [edited, setEdited] = useState<RepriceSettings | null>(null);
  const { data, error, isPending, refetch } = useQuery(orpc.repricing.settings.queryOptions());
  const save = useMutation(orpc.repricing.saveSettings.mutationOptions({
    onSuccess: ({ value }) => { setEdited(null); notify({ message: t(value.on ? 'repricing:saved-on' : 'repricing:saved-off') }); },
    onError: (failure: unknown) => notifyError(failure, t), onSettled: () => void queries.invalidateQueries({ queryKey: orpc.repricing.key() }),
  }));
  const draft = edited ?? data?.value;
  return (
    <Page title={t('frame:page.repricing')} scroll tools={<><span className="grow" /><Button component={Link} to="/listings" variant="default" leftSection={<IconTag size="0.9375rem" />}>{t('repricing:to-listings')}</Button></>}>
      {isPending ? <DetailSkeleton /> : error && !data ? <ErrorState error={error} onRetry={() => void refetch()} /> : draft ? (
        <div className="reprice-page">
          <RulesCard draft={draft} stored={data.value} practice={data.practice} busy={save.isPending} onChange={setEdited} onSave={(value) => save.mutate({ value, version: data.version })} />
          <div className="stack" style={{ gap: '1rem', minInlineSize: 0 }}>
            <section className="card reprice-card"><h2>{t(edited ? 'repricing:preview-draft' : 'repricing:preview')}</h2><Preview settings={draft} /></section>
            <section className="card reprice-card"><h2>{t('repricing:decisions')}</h2><Decisions /></section>
          </div>
        </div>
      ) : null}
    </Page>
  );
}

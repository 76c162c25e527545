import { Button, Select, Skeleton } from '@mantine/core';
import { IconReceipt } from '@tabler/icons-react';
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { TFunction } from 'i18next';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ChargeMeaning, ChargeRow } from '#contract/channel-charges.ts';
import { negate, toDecimal } from '#kernel/money.ts';
import { orpc } from '../../rpc/client.ts';
import { DataTable, type Column } from '../../ui/data-table.tsx';
import { Money } from '../../ui/money.tsx';
import { notify, notifyError } from '../../ui/notify.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { EmptyState, ErrorState } from '../../ui/states.tsx';
import { PAGING, cursorInput, useRows } from '../../ui/use-pages.ts';

const MEANINGS: readonly ChargeMeaning[] = ['service', 'storage', 'freight', 'reimbursement', 'not-ours'];
const SHOWN = 50;
const rowId = (row: ChargeRow) => row.id;

/** What the channel has charged for one shipment, beside what was agreed. */
export function Charged({ id }: { readonly id: string }) {
  const { t } = useTranslation();
  const { data, error, isPending, refetch } = useQuery(orpc.channelCharges.list.queryOptions({ input: { shipmentId: id, limit: SHOWN } }));
  if (isPending) return <section className="section"><Skeleton height="5rem" /></section>;
  return (
    <section className="section stack">
      <h2>{t('inbound:charged')}</h2>
      {error ? <ErrorState error={error} onRetry={() => void refetch()} /> : data.items.length === 0 ? <p className="small muted">{t('inbound:charged-none')}</p> : (
        <div className="inbound-scroll" tabIndex={0} role="region" aria-label={t('inbound:charged')}>
          <table className="plain-table">
            <thead><tr><th scope="col">{t('inbound:charge-for')}</th><th scope="col" data-align="end">{t('inbound:column.agreed')}</th><th scope="col" data-align="end">{t('inbound:charge-amount')}</th><th scope="col" data-align="end">{t('inbound:charge-difference')}</th></tr></thead>
            <tbody>{data.items.map((row) => (
              <tr key={row.id}><td>{t(`inbound:charge.${row.kind}`)}<div className="small muted">{row.words} · <RelativeTime at={row.at} /></div></td><td data-align="end" className="muted">{row.expected ? <Money value={row.expected} /> : '–'}</td><td data-align="end"><Money value={row.amount} /></td>
                <td data-align="end">{row.difference ? <Money value={negate(row.difference)} result /> : '–'}</td></tr>
            ))}</tbody>
          </table>
        </div>
      )}
      <p className="small muted">{t('inbound:charged-note')}</p>
    </section>
  );
}

/** A person says what a charge was that nobody here understood. */
function Explain({ row }: { readonly row: ChargeRow }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [as, setAs] = useState<ChargeMeaning | null>(null);
  const explain = useMutation(orpc.channelCharges.explain.mutationOptions({
    onError: (error) => notifyError(error, t), onSuccess: () => notify({ message: t('inbound:explained') }), onSettled: () => { for (const area of [orpc.channelCharges, orpc.ledger]) void queries.invalidateQueries({ queryKey: area.key() }); },
  }));
  return (
    <span className="row" style={{ gap: '0.375rem' }}>
      <Select size="xs" w="11.5rem" aria-label={t('inbound:explain-of', { words: row.words })} placeholder={t('inbound:explain')} data={MEANINGS.map((value) => ({ value, label: t(`inbound:meaning.${value}`) }))} value={as} onChange={(value) => setAs(value)} />
      {as === null ? null : <Button size="xs" loading={explain.isPending} onClick={() => explain.mutate({ id: row.id, as })}>{t('inbound:explain-book')}</Button>}
    </span>
  );
}

function columnsOf(t: TFunction): Column<ChargeRow>[] {
  return [
    { id: 'for', header: t('inbound:charge-for'), size: 125, cell: (r) => t(`inbound:charge.${r.kind}`), csv: (r) => r.kind },
    { id: 'words', header: t('inbound:charge-words'), size: 290, cell: (r) => <span className="truncate" title={r.words}>{r.words}</span>, csv: (r) => r.words },
    { id: 'amount', header: t('inbound:charge-amount'), size: 95, align: 'end', cell: (r) => <Money value={r.amount} />, csv: (r) => toDecimal(r.amount), csvCurrency: (r) => r.amount.currency },
    { id: 'difference', header: t('inbound:charge-difference'), size: 100, align: 'end', cell: (r) => (r.difference ? <Money value={negate(r.difference)} result /> : <span className="muted">–</span>), csv: (r) => (r.difference ? toDecimal(negate(r.difference)) : '') },
    { id: 'at', header: t('inbound:charge-at'), size: 115, cell: (r) => <span className="muted"><RelativeTime at={r.at} /></span>, csv: (r) => new Date(r.at).toISOString() },
    { id: 'of', header: t('inbound:charge-of'), size: 300, cell: (r) => (r.shipment ? <Link to="/inbound" search={{ open: r.shipment.id } as never}>{r.shipment.number}</Link> : r.kind !== 'unknown' ? <span className="muted">{t('inbound:charge-no-shipment')}</span> : r.explained ? t(`inbound:meaning.${r.explained.as}`) : <Explain row={r} />), csv: (r) => r.shipment?.number ?? r.explained?.as ?? '' },
  ];
}

/** All that channels took from the account beside orders. */
export function ChargesView() {
  const { t } = useTranslation();
  const [active, setActive] = useState<string | null>(null);
  const query = useInfiniteQuery(orpc.channelCharges.list.infiniteOptions({ input: (cursor: string | undefined) => cursorInput(cursor), ...PAGING }));
  const { rows } = useRows<ChargeRow>(query.data);
  const columns = useMemo(() => columnsOf(t), [t]);
  return (
    <DataTable id="channel-charges" label={t('inbound:charges')} columns={columns} rows={rows} rowId={rowId} pages={query} activeId={active} onActive={setActive} onOpen={setActive}
      empty={<EmptyState icon={<IconReceipt size="1.75rem" stroke={1.5} />} title={t('inbound:charges-empty')}>{t('inbound:charges-empty-text')}</EmptyState>} />
  );
}

import { SegmentedControl } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CostMethod } from '#contract/cost-layers.ts';
import { orpc } from '../../rpc/client.ts';
import { FieldList } from '../../ui/field-list.tsx';
import { useFormat } from '../../ui/format.ts';
import { Money } from '../../ui/money.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { ErrorState, TableSkeleton } from '../../ui/states.tsx';

const METHODS: readonly CostMethod[] = ['fifo', 'average', 'lots'];

/** What the lot's product has cost: sold, written off and left by the chosen method, and the layers that are left. */
export function CostSection({ lotId }: { readonly lotId: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const setting = useQuery(orpc.costLayers.settings.queryOptions()).data;
  const [chosen, choose] = useState<CostMethod | null>(null);
  const { data, error, isPending, refetch } = useQuery(orpc.costLayers.ofLot.queryOptions({ input: { lotId } }));
  if (isPending) return <TableSkeleton rows={3} columns={3} />;
  // goods that are still on their way have no movement to count
  if (error && !data) return 'code' in error && error.code === 'NOT_FOUND' ? <p className="muted small">{t('stock:cost.none')}</p> : <ErrorState error={error} onRetry={() => void refetch()} />;
  const method = chosen ?? setting?.value.method ?? 'fifo';
  const figures = data.methods.find((one) => one.method === method)!;
  return (
    <div className="stack">
      <SegmentedControl size="xs" aria-label={t('stock:cost.method')} value={method} data={METHODS.map((value) => ({ value, label: t(`stock:cost.method.${value}`) }))} onChange={(value) => choose(value)} style={{ alignSelf: 'flex-start' }} />
      <p className="small muted">{t(`stock:cost.note.${method}`)}</p>
      <FieldList fields={[
        [t('stock:cost.in', { count: data.unitsIn }), <Money key="v" value={data.in} />], [t('stock:cost.sold', { count: data.unitsSold }), <Money key="v" value={figures.sold} />],
        [t('stock:cost.written-off', { count: data.unitsWrittenOff }), <Money key="v" value={figures.writtenOff} />], [t('stock:cost.left', { count: data.unitsLeft }), <Money key="v" value={figures.left} />],
      ]} />
      {data.layers[method].length > 0 ? (
        <table className="plain-table">
          <thead><tr><th scope="col">{t('stock:cost.layer')}</th><th scope="col" data-align="end">{t('stock:movement.units')}</th><th scope="col" data-align="end">{t('stock:column.value')}</th><th scope="col" data-align="end">{t('stock:column.cost')}</th></tr></thead>
          <tbody>
            {data.layers[method].map((layer, i) => (
              <tr key={i}>
                <td>{layer.lotId === null || layer.lotId === lotId ? <RelativeTime at={layer.at} /> : <Link to="/stock" search={{ open: layer.lotId } as never}><RelativeTime at={layer.at} /></Link>}</td>
                <td data-align="end" className="num">{format.number(layer.units)}</td><td data-align="end"><Money value={layer.cost} /></td><td data-align="end"><Money value={{ minor: Math.round(layer.cost.minor / layer.units), currency: layer.cost.currency }} /></td>
              </tr>
            ))}
          </tbody>
        </table>
      ) : null}
    </div>
  );
}

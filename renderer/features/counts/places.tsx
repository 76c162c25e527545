import { Button } from '@mantine/core';
import { IconMapPin } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { StockPlace } from '#contract/stock-counts.ts';
import { orpc } from '../../rpc/client.ts';
import { useFormat } from '../../ui/format.ts';
import { Money } from '../../ui/money.tsx';
import { EmptyState, ErrorState, TableSkeleton } from '../../ui/states.tsx';

/** What is on hand by place and condition, at cost; each can be looked at or counted. */
export function Places({ onCount }: { readonly onCount: (place: Pick<StockPlace, 'location' | 'condition'>) => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { data, error, isPending, refetch } = useQuery(orpc.stockCounts.places.queryOptions());
  if (isPending) return <TableSkeleton />;
  if (error && !data) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (data.length === 0) return <EmptyState icon={<IconMapPin size="1.75rem" stroke={1.5} />} title={t('counts:places.empty')} action={<Button component={Link} to="/stock">{t('counts:to-stock')}</Button>}>{t('counts:places.empty-text')}</EmptyState>;
  const word = (condition: string) => t(`stock:hand.condition.${condition}`, { defaultValue: condition });
  return (
    <div className="page-scroll" tabIndex={0} role="region" aria-label={t('counts:view.places')}>
      <div className="page-inner">
        <table className="plain-table">
          <thead><tr><th scope="col">{t('stock:column.location')}</th><th scope="col">{t('stock:column.condition')}</th><th scope="col" data-align="end">{t('counts:places.lots')}</th><th scope="col" data-align="end">{t('counts:places.products')}</th><th scope="col" data-align="end">{t('counts:places.units')}</th><th scope="col" data-align="end">{t('stock:column.value')}</th><th scope="col"><span className="visually-hidden">{t('counts:places.count')}</span></th></tr></thead>
          <tbody>
            {data.map((place) => (
              <tr key={`${place.location} ${place.condition} ${place.value.currency}`}>
                <td><Link to="/stock" search={{ state: 'on-hand', location: place.location, condition: place.condition } as never}>{place.location}</Link></td><td>{word(place.condition)}</td>
                <td data-align="end" className="num">{format.number(place.lots)}</td><td data-align="end" className="num">{format.number(place.products)}</td><td data-align="end" className="num">{format.number(place.units)}</td><td data-align="end"><Money value={place.value} /></td>
                <td data-align="end"><Button size="compact-xs" variant="default" onClick={() => onCount({ location: place.location, condition: place.condition })}>{t('counts:places.count')}<span className="visually-hidden"> {place.location}, {word(place.condition)}</span></Button></td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}

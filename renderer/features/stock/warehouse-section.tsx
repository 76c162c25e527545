import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { orpc } from '../../rpc/client.ts';
import { FieldList } from '../../ui/field-list.tsx';
import { useFormat } from '../../ui/format.ts';
import { notifyError } from '../../ui/notify.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { ErrorState } from '../../ui/states.tsx';

/** What a channel counts of a lot in its own warehouse, beside the books. Nothing for a lot that lies here. */
export function WarehouseSection({ lotId, version }: { readonly lotId: string; /** Of the lot: what is booked changes with it. */ readonly version: number }) {
  const { t } = useTranslation();
  const format = useFormat();
  const queries = useQueryClient();
  const asked = orpc.listings.warehouse.queryOptions({ input: { lotId } });
  const { data, error, refetch } = useQuery({ ...asked, queryKey: [...asked.queryKey, version] });
  const ask = useMutation(orpc.listings.warehouse.mutationOptions({ onError: (failed) => notifyError(failed, t), onSettled: () => queries.invalidateQueries({ queryKey: orpc.listings.warehouse.key() }) }));
  if (error) return <section className="section"><h2>{t('stock:warehouse.title-any')}</h2><ErrorState error={error} onRetry={() => void refetch()} /></section>;
  const count = data?.count;
  if (!count) return null;
  const channel = t(`listings:channel.${count.channel}`, { defaultValue: count.channel });
  const { difference } = count;
  return (
    <section className="section stack">
      <h2>{t('stock:warehouse.title', { channel })}</h2>
      {difference === 0 ? null : <div className="notice" role="note">{t(difference > 0 ? 'stock:warehouse.more' : 'stock:warehouse.fewer', { channel, count: Math.abs(difference) })}</div>}
      <FieldList fields={[
        [t('stock:warehouse.sellable'), format.number(count.sellable)], [t('stock:warehouse.reserved'), format.number(count.reserved)], [t('stock:warehouse.inbound'), format.number(count.inbound)],
        [t('stock:warehouse.unsellable'), format.number(count.unsellable)], [t('stock:warehouse.booked'), format.number(count.booked)], [t('stock:warehouse.at'), <RelativeTime key="v" at={count.at} />],
      ]} />
      <div><Button size="compact-sm" variant="default" loading={ask.isPending} onClick={() => ask.mutate({ lotId, fresh: true })}>{t('stock:warehouse.ask', { channel })}</Button></div>
    </section>
  );
}

import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import type { channelOption, listingDetail } from '#contract/selling.ts';
import { orpc } from '../../rpc/client.ts';
import { useFormat } from '../../ui/format.ts';
import { Money } from '../../ui/money.tsx';
import { notify, notifyError } from '../../ui/notify.tsx';
import { useWordReason } from '../../ui/reason.tsx';
import { ErrorState } from '../../ui/states.tsx';
import { StatusBadge } from '../../ui/status-badge.tsx';
import { listingTone } from './tone.ts';

type Option = z.infer<typeof channelOption>;
type Listing = z.infer<typeof listingDetail>;

function Offer({ listing, option }: { readonly listing: Listing; readonly option: Option }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const offer = useMutation(orpc.listings.offer.mutationOptions({
    onSuccess: (row) => notify({ message: t(row.state === 'stopped' ? 'listings:channels.offered-stopped' : 'listings:channels.offered', { name: option.name }) }),
    onError: (error) => notifyError(error, t),
    onSettled: () => queries.invalidateQueries({ queryKey: orpc.listings.key() }),
  }));
  return <Button size="compact-sm" variant="default" loading={offer.isPending} aria-label={t('listings:channels.offer', { name: option.name })} onClick={() => offer.mutate({ id: listing.id, channel: option.channel })}>{t('listings:channels.offer-here')}</Button>;
}

/** Which channel pays best for each day that money is locked, beside the next. The options come best first. */
function Best({ options }: { readonly options: readonly Option[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [best, next] = options.filter((option) => option.connected && option.profitPerDay !== null);
  if (!best || !next) return null;
  const text = t('listings:channels.best', { name: best.ifMovedTo ?? best.name, amount: format.money(best.profitPerDay!), other: next.ifMovedTo ?? next.name, less: format.money(next.profitPerDay!) });
  return <p>{text}{best.ifMovedTo === null ? '' : ` ${t('listings:channels.best-moved')}`}</p>;
}

/** Where the stock of this listing is offered and could be, with what a sale would leave there. */
export function ChannelsSection({ listing }: { readonly listing: Listing }) {
  const { t } = useTranslation();
  const word = useWordReason();
  const format = useFormat();
  const { data: options, error, refetch } = useQuery(orpc.listings.channels.queryOptions({ input: { id: listing.id } }));
  if (error && !options) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!options) return null;
  const sellable = listing.state !== 'ended' && listing.quantity > 0;
  return (
    <div className="stack">
      <Best options={options} />
      <p className="small muted">{t(options.length > 1 ? 'listings:channels.note' : 'listings:channels.only')}</p>
      <div style={{ overflowX: 'auto' }} tabIndex={0} role="region" aria-label={t('listings:channels')}>
        <table className="plain-table">
          <thead><tr><th scope="col">{t('listings:channels.channel')}</th><th scope="col" data-align="end">{t('listings:channels.price')}</th><th scope="col" data-align="end">{t('listings:channels.fees')}</th><th scope="col" data-align="end">{t('listings:channels.profit')}</th><th scope="col" data-align="end">{t('listings:channels.margin')}</th><th scope="col" data-align="end">{t('listings:channels.per-day')}</th><th scope="col">{t('listings:column.state')}</th></tr></thead>
          <tbody>
            {options.map((option) => (
              <tr key={`${option.channel}:${option.ifMovedTo}`}>
                <td>{option.listingId && option.listingId !== listing.id ? <Link to="/listings" search={{ open: option.listingId } as never}>{option.name}</Link> : option.name}{option.ifMovedTo === null ? null : <span className="muted"> · {option.ifMovedTo}</span>}{option.connected ? null : <span className="muted"> ({t('listings:channels.disconnected')})</span>}</td>
                {option.refusal ? <td colSpan={5} className="small muted">{word(option.refusal)}</td> : (
                  <>
                    <td data-align="end"><Money value={option.price} /></td><td data-align="end"><Money value={option.fees} /></td><td data-align="end"><Money value={option.profit} result estimated /></td><td data-align="end">{option.marginBp === null ? '–' : format.percent(option.marginBp)}</td>
                    <td data-align="end"><Money value={option.profitPerDay} estimated /><div className="small muted">{t('listings:channels.days', { count: option.days ?? 0 })}</div></td>
                  </>
                )}
                <td>{option.state ? <StatusBadge tone={listingTone(option.state)} label={t(`listings:state.${option.state}`)} /> : option.ifMovedTo !== null ? <span className="small muted">{t('listings:channels.move-there', { place: option.ifMovedTo })}</span> : option.connected && sellable && !option.refusal ? <Offer listing={listing} option={option} /> : '–'}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}

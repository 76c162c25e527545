import { Button } from '@mantine/core';
import { IconPhotoPlus } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import type { listingDetail } from '#contract/selling.ts';
import type { Money as Amount } from '#kernel/money.ts';
import { orpc } from '../../rpc/client.ts';
import { Confirm } from '../../ui/confirm.tsx';
import { useTimeline } from '../../ui/event-data.tsx';
import { FieldList } from '../../ui/field-list.tsx';
import { useFormat } from '../../ui/format.ts';
import { HomeMoney } from '../../ui/home-money.tsx';
import { MoneyInput } from '../../ui/money-input.tsx';
import { notify, notifyError } from '../../ui/notify.tsx';
import { useWordReason } from '../../ui/reason.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { DetailSkeleton, ErrorState } from '../../ui/states.tsx';
import { StatusBadge } from '../../ui/status-badge.tsx';
import { Timeline } from '../../ui/timeline.tsx';
import { CategorySection } from './category-section.tsx';
import { ChannelsSection } from './channels-section.tsx';
import { MeasuresSection } from './measures-section.tsx';
import { TextSection } from './text-section.tsx';
import { listingTone } from './tone.ts';

type ListingDetail = z.infer<typeof listingDetail>;

function useSettle() {
  const { t } = useTranslation();
  const queries = useQueryClient();
  return { onError: (error: unknown) => notifyError(error, t), onSettled: () => { void queries.invalidateQueries({ queryKey: orpc.listings.key() }); void queries.invalidateQueries({ queryKey: orpc.system.today.key() }); } };
}

function Price({ listing }: { readonly listing: ListingDetail }) {
  const { t } = useTranslation();
  const format = useFormat();
  const settle = useSettle();
  const [price, setPrice] = useState<Amount | null>(listing.price);
  const save = useMutation(orpc.listings.setPrice.mutationOptions({ ...settle, onSuccess: (row) => notify({ message: t('listings:price-sent', { price: format.money(row.price) }) }) }));
  const below = price !== null && price.minor < listing.floor.minor;
  const ready = price !== null && !below && price.minor !== listing.price.minor;
  return (
    <form className="row wrap" style={{ alignItems: 'flex-start' }} onSubmit={(event) => { event.preventDefault(); if (ready) save.mutate({ id: listing.id, version: listing.version, price }); }}>
      <MoneyInput label={t('listings:column.price')} value={listing.price} currency={listing.price.currency} onChange={setPrice} description={t('listings:floor-note', { floor: format.money(listing.floor) })} error={below ? t('listings:below-floor', { floor: format.money(listing.floor) }) : null} />
      <Button type="submit" mt="2.625rem" disabled={!ready} loading={save.isPending}>{price && ready ? t('listings:set-price-to', { price: format.money(price) }) : t('listings:set-price')}</Button>
    </form>
  );
}

function Actions({ listing }: { readonly listing: ListingDetail }) {
  const { t } = useTranslation();
  const settle = useSettle();
  const [ending, setEnding] = useState(false);
  const at = { id: listing.id, version: listing.version };
  const end = useMutation(orpc.listings.end.mutationOptions({ ...settle, onSuccess: () => { setEnding(false); notify({ message: t('listings:ending') }); } }));
  const retry = useMutation(orpc.listings.retry.mutationOptions({ ...settle, onSuccess: () => notify({ message: t('listings:retrying') }) }));
  const canEnd = listing.state === 'active' || listing.state === 'stopped';
  if (!canEnd) return null;
  return (
    <footer className="detail-foot">
      {listing.state === 'stopped' ? <Button size="sm" loading={retry.isPending} onClick={() => retry.mutate(at)}>{t('listings:retry')}</Button> : null}
      <Button size="sm" variant="default" onClick={() => setEnding(true)}>{t('listings:end')}</Button>
      <Confirm opened={ending} onClose={() => setEnding(false)} title={t('listings:end-title')} action={t('listings:end')} busy={end.isPending} onConfirm={() => end.mutate(at)}><p>{t('listings:end-text')}</p></Confirm>
    </footer>
  );
}

/** Where the channel lets an account ask to be allowed. */
function AskForApproval({ reason }: { readonly reason: { readonly data?: Readonly<Record<string, unknown>> | undefined } }) {
  const { t } = useTranslation();
  const link = reason.data?.['link'];
  return typeof link === 'string' && link.startsWith('https://') ? <> <a href={link} target="_blank" rel="noreferrer">{t('listings:ask-approval')}</a></> : null;
}

/** Pictures belong to the goods: they are added where those lie, and the listing goes on by itself or by "Publish again". */
function AddPictures({ sku }: { readonly sku: string }) {
  const { t } = useTranslation();
  const lot = useQuery(orpc.stock.list.queryOptions({ input: { search: sku, limit: 1 } })).data?.items[0];
  return lot ? <p><Button mt="xs" variant="default" leftSection={<IconPhotoPlus size="1rem" />} component={Link} to="/stock" search={{ open: lot.id } as never}>{t('listings:add-pictures')}</Button> <span className="small muted">{t('listings:add-pictures-then')}</span></p> : null;
}

/** One listing: its price against its floor, what was published, every step. */
export function ListingPanel({ id }: { readonly id: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const word = useWordReason();
  const timeline = useTimeline('listings');
  const { data: listing, error, isPending, refetch } = useQuery(orpc.listings.get.queryOptions({ input: { id } }));
  if (isPending) return <DetailSkeleton />;
  if (error && !listing) return <ErrorState error={error} onRetry={() => void refetch()} />;
  return (
    <article className="detail">
      <header className="detail-head"><h2>{listing.title}</h2><p className="small muted">{t(`listings:channel.${listing.channel}`, { defaultValue: listing.channel })}{listing.externalId ? ` · ${listing.externalId}` : ''}</p></header>
      <div className="detail-body" tabIndex={0} role="region" aria-label={t('listings:detail')}>
        <div className="section stack">
          <StatusBadge tone={listingTone(listing.state)} label={t(`listings:state.${listing.state}`)} />
          {listing.stopReason ? <div className="notice" role="note"><strong>{t('listings:stopped-because')}</strong> {word(listing.stopReason)}<AskForApproval reason={listing.stopReason} />{listing.stopReason.code === 'listing.no-image' ? <AddPictures sku={listing.sku} /> : null}</div> : null}
          <FieldList sparse fields={[
            [t('listings:column.price'), <HomeMoney key="v" value={listing.price} strong />], [t('listings:column.floor'), <HomeMoney key="v" value={listing.floor} />], [t('listings:column.quantity'), format.number(listing.quantity)],
            [t('listings:column.sku'), <span key="v" className="num">{listing.sku}</span>], [t('listings:published'), listing.publishedAt ? <RelativeTime key="v" at={listing.publishedAt} /> : null],
          ]} />
        </div>
        {listing.state === 'active' ? <section className="section"><h2>{t('listings:change-price')}</h2><Price key={listing.version} listing={listing} /></section> : null}
        <section className="section"><h2>{t('listings:channels')}</h2><ChannelsSection listing={listing} /></section>
        <section className="section"><h2>{t('listings:category')}</h2><CategorySection listing={listing} /></section>
        <MeasuresSection listing={listing} />
        <section className="section"><h2>{t('listings:text')}</h2><TextSection listing={listing} /></section>
        <section className="section"><h2>{t('listings:timeline')}</h2><Timeline events={timeline(listing.events)} /></section>
      </div>
      <Actions listing={listing} />
    </article>
  );
}

import { Button, NumberInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import type { listingDetail, listingMeasures } from '#contract/selling.ts';
import { orpc } from '../../rpc/client.ts';
import { useFormat } from '../../ui/format.ts';
import { notify, notifyError } from '../../ui/notify.tsx';
import { ErrorState } from '../../ui/states.tsx';

type Measures = z.infer<typeof listingMeasures>;
type Key = keyof Measures['known'];
/** Centimetres and grams are typed, millimetres and grams are kept. */
const UNIT: Readonly<Record<Key, number>> = { lengthMm: 10, widthMm: 10, heightMm: 10, weightG: 1 };
const MOST: Readonly<Record<Key, number>> = { lengthMm: 1_000, widthMm: 1_000, heightMm: 1_000, weightG: 1_000_000 };

function MeasuresForm({ listing, measures }: { readonly listing: z.infer<typeof listingDetail>; readonly measures: Measures }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [given, give] = useState<Measures['known']>(measures.known);
  const save = useMutation(orpc.listings.setMeasures.mutationOptions({
    onError: (error) => notifyError(error, t), onSuccess: ({ missing }) => notify({ message: t(missing.length === 0 ? 'listings:measures.saved' : 'listings:measures.saved-missing') }), onSettled: () => queries.invalidateQueries({ queryKey: orpc.listings.key() }),
  }));
  const { size, weight } = measures.demanded;
  const ready = (!size || (given.lengthMm && given.widthMm && given.heightMm)) && (!weight || given.weightG);
  const field = (key: Key) => (
    <NumberInput key={key} w="7.5rem" label={t(`listings:measures.${key}`)} withAsterisk min={key === 'weightG' ? 1 : 0.1} max={MOST[key]} decimalScale={key === 'weightG' ? 0 : 1} suffix={key === 'weightG' ? ' g' : ' cm'} value={given[key] === null ? '' : given[key] / UNIT[key]}
      onChange={(value) => give({ ...given, [key]: value === '' || !(Number(value) > 0) ? null : Math.round(Number(value) * UNIT[key]) })} />
  );
  return (
    <form className="stack" style={{ gap: '0.75rem' }} onSubmit={(event) => {
      event.preventDefault();
      const { lengthMm, widthMm, heightMm, weightG } = given;
      if (ready) save.mutate({ id: listing.id, version: listing.version, ...(size && lengthMm && widthMm && heightMm ? { lengthMm, widthMm, heightMm } : {}), ...(weight && weightG ? { weightG } : {}) });
    }}>
      <div className="row wrap" style={{ alignItems: 'flex-end' }}>{[...(size ? (['lengthMm', 'widthMm', 'heightMm'] as const) : []), ...(weight ? (['weightG'] as const) : [])].map(field)}</div>
      <Button type="submit" variant="default" style={{ alignSelf: 'flex-start' }} disabled={!ready} loading={save.isPending}>{t('listings:measures.save')}</Button>
    </form>
  );
}

/** The package's measures, where the channel cannot do without them: which, why, and a form to say them. */
export function MeasuresSection({ listing }: { readonly listing: z.infer<typeof listingDetail> }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { data, error, refetch } = useQuery(orpc.listings.measures.queryOptions({ input: { id: listing.id } }));
  if (error && !data) return <section className="section"><h2>{t('listings:measures.title')}</h2><ErrorState error={error} onRetry={() => void refetch()} /></section>;
  if (!data || data.why === null) return null;
  const { lengthMm, widthMm, heightMm, weightG } = data.known;
  const known = [lengthMm && widthMm && heightMm ? t('listings:measures.size', { length: format.number(lengthMm / 10), width: format.number(widthMm / 10), height: format.number(heightMm / 10) }) : null, weightG ? t('listings:measures.weight', { weight: format.number(weightG) }) : null].filter(Boolean).join(' · ');
  const channel = t(`listings:channel.${listing.channel}`, { defaultValue: listing.channel });
  return (
    <section className="section stack">
      <h2>{t('listings:measures.title')}</h2>
      <p className="small muted">{t(`listings:measures.why.${data.why}`, { channel, category: data.category ?? '' })}</p>
      {data.missing.length > 0 ? <><MeasuresForm key={listing.version} listing={listing} measures={data} /><p className="small muted">{t('listings:measures.then')}</p></> : <p>{known}</p>}
    </section>
  );
}

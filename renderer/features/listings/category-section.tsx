import { Button, Select, TagsInput, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import type { listingCategory, listingDetail } from '#contract/selling.ts';
import { orpc } from '../../rpc/client.ts';
import { FieldList } from '../../ui/field-list.tsx';
import { notify, notifyError } from '../../ui/notify.tsx';
import { ErrorState } from '../../ui/states.tsx';

type Category = z.infer<typeof listingCategory>;
type Aspect = Category['aspects'][number];
type Values = Readonly<Record<string, readonly string[]>>;

const placeOf = ({ path, name }: Pick<Category, 'path' | 'name'>) => [...path, name].join(' › ');

/** One thing that the channel asks for: chosen from its values where it takes no others. */
function AspectInput({ aspect, values, onChange }: { readonly aspect: Aspect; readonly values: readonly string[]; readonly onChange: (values: string[]) => void }) {
  const { t } = useTranslation();
  const shared = { label: aspect.name, withAsterisk: aspect.required, description: aspect.from ? t(`listings:category.from.${aspect.from}`) : null, error: aspect.required && values.length === 0 ? t(aspect.measured ? `listings:category.needed-${aspect.measured}` : 'listings:category.needed') : null };
  if (aspect.onlyOptions) return <Select {...shared} searchable clearable data={[...aspect.options]} value={values[0] ?? null} onChange={(value) => onChange(value === null ? [] : [value])} />;
  if (aspect.options.length > 0) return <TagsInput {...shared} data={[...aspect.options]} maxTags={1} value={[...values]} onChange={onChange} />;
  return <TextInput {...shared} placeholder={aspect.measured ? t(`listings:category.example-${aspect.measured}`) : ''} value={values[0] ?? ''} maxLength={200} onChange={(event) => onChange(event.currentTarget.value.trim() === '' ? [] : [event.currentTarget.value])} />;
}

/** Another leaf, and what is missing, for a listing that does not run yet. */
function CategoryForm({ listing, category }: { readonly listing: z.infer<typeof listingDetail>; readonly category: Category }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [leaf, setLeaf] = useState(category.id);
  const [said, say] = useState<Values>({});
  const save = useMutation(orpc.listings.setCategory.mutationOptions({
    onError: (error) => notifyError(error, t),
    onSuccess: (answer) => notify({ message: t(answer.category && answer.category.missing.length > 0 ? 'listings:category.saved-missing' : 'listings:category.saved') }),
    onSettled: () => queries.invalidateQueries({ queryKey: orpc.listings.key() }),
  }));
  const moved = leaf !== category.id;
  const asked = category.aspects.filter((aspect) => aspect.required || aspect.values.length > 0);
  return (
    <form className="stack" style={{ gap: '0.75rem' }} onSubmit={(event) => { event.preventDefault(); save.mutate({ id: listing.id, version: listing.version, categoryId: leaf, aspects: Object.fromEntries(Object.entries(said).filter(([, v]) => v.length > 0).map(([name, v]) => [name, [...v]])) }); }}>
      <Select label={t('listings:category.leaf')} allowDeselect={false} value={leaf} data={[category, ...category.alternatives].map((c) => ({ value: c.id, label: placeOf(c) }))} onChange={(value) => setLeaf(value ?? category.id)} />
      {moved ? <p className="small muted">{t('listings:category.moved')}</p> : asked.map((aspect) => <AspectInput key={aspect.name} aspect={aspect} values={said[aspect.name] ?? aspect.values} onChange={(values) => say({ ...said, [aspect.name]: values })} />)}
      <Button type="submit" variant="default" style={{ alignSelf: 'flex-start' }} loading={save.isPending} disabled={!moved && Object.keys(said).length === 0}>{t('listings:category.save')}</Button>
    </form>
  );
}

/** The product has a page in the channel's own catalogue: nothing has to be chosen or said. */
function PagesOfProduct({ category }: { readonly category: Category }) {
  const { t } = useTranslation();
  return (
    <FieldList fields={[
      ...category.pages.map((page) => [t(category.pages.length === 1 ? 'listings:category.page' : 'listings:category.page-possible'), <>{page.title} <span className="num muted">{page.id}</span></>] as const),
      [t('listings:category.leaf'), placeOf(category)],
    ]} />
  );
}

/** Where the listing stands in the channel's own tree, and what the channel asks for there. */
export function CategorySection({ listing }: { readonly listing: z.infer<typeof listingDetail> }) {
  const { t } = useTranslation();
  const { data, error, refetch } = useQuery(orpc.listings.category.queryOptions({ input: { id: listing.id } }));
  if (error && !data) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!data) return <p className="muted small">{t('common:loading')}</p>;
  const { category } = data;
  if (!category) return <p className="muted">{t('listings:category.none')}</p>;
  if (category.pages.length > 0) return <PagesOfProduct category={category} />;
  const open = listing.state === 'stopped' || listing.state === 'draft';
  const { fees } = category;
  const feeWords = fees.key === null || fees.key === 'everything' ? t('listings:category.fees-general') : fees.key.replaceAll('-', ' ');
  return (
    <div className="stack" style={{ gap: '0.75rem' }}>
      {open && category.missing.length > 0 ? <div className="notice" role="note">{t('listings:category.missing', { names: category.missing.join(', ') })}</div> : null}
      {open ? <CategoryForm key={`${category.id} ${listing.version}`} listing={listing} category={category} /> : null}
      <FieldList fields={[
        ...(open ? [] : [[t('listings:category.leaf'), placeOf(category)] as const, ...category.aspects.filter((a) => a.values.length > 0).map((a) => [a.name, a.values.join(', ')] as const)]),
        [t('listings:category.by'), t(`listings:category.by.${category.chosenBy}`, { version: category.treeVersion })],
        [t('listings:category.fees'), t(`listings:category.fees.${fees.by}`, { key: feeWords })],
      ]} />
    </div>
  );
}

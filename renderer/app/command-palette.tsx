import { Spotlight, createSpotlight } from '@mantine/spotlight';
import { useMantineColorScheme } from '@mantine/core';
import { IconBolt, IconMoon, IconPackage, IconRefresh, IconSearch, IconShoppingCart, IconSun, IconTag, IconTargetArrow } from '@tabler/icons-react';
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { orpc } from '../rpc/client.ts';
import { Money } from '../ui/money.tsx';
import { notify, notifyError } from '../ui/notify.tsx';
import { PAGES } from './rail.tsx';

const [store, palette] = createSpotlight();
export const openPalette = () => palette.open();
/** The engine's search takes words from three letters on. */
const LEAST_LETTERS = 3;

interface Command { readonly id: string; readonly label: string; readonly icon: ReactNode; readonly run: () => void; readonly right?: ReactNode }

function useCommands(): Command[] {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const { colorScheme } = useMantineColorScheme();
  const appearance = useQuery(orpc.settings.appearance.queryOptions());
  const setAppearance = useMutation(orpc.settings.setAppearance.mutationOptions({ onSuccess: (saved) => queries.setQueryData(orpc.settings.appearance.queryKey(), saved), onError: (error) => notifyError(error, t) }));
  const sync = useMutation(orpc.orders.sync.mutationOptions({ onSuccess: () => notify({ message: t('frame:palette.sync-started') }), onError: (error) => notifyError(error, t) }));
  const toScheme = (scheme: 'light' | 'dark') => { if (appearance.data) setAppearance.mutate({ value: { ...appearance.data.value, scheme }, version: appearance.data.version }); };
  return [
    ...PAGES.map(({ to, key, Icon }) => ({ id: `page-${key}`, label: t('frame:palette.go', { page: t(`frame:page.${key}`) }), icon: <Icon size="1.125rem" stroke={1.7} />, run: () => void navigate({ to }) })),
    { id: 'page-counts', label: t('frame:palette.go', { page: t('frame:page.counts') }), icon: <IconPackage size="1.125rem" />, run: () => void navigate({ to: '/counts' }) },
    { id: 'sync-orders', label: t('frame:palette.sync'), icon: <IconRefresh size="1.125rem" />, run: () => sync.mutate({}) },
    { id: 'add-source', label: t('frame:palette.add-source'), icon: <IconBolt size="1.125rem" />, run: () => void navigate({ to: '/sources', search: { add: true } }) },
    colorScheme === 'dark'
      ? { id: 'light', label: t('frame:palette.light'), icon: <IconSun size="1.125rem" />, run: () => toScheme('light') }
      : { id: 'dark', label: t('frame:palette.dark'), icon: <IconMoon size="1.125rem" />, run: () => toScheme('dark') },
  ];
}

function useFound(text: string): { readonly found: Command[]; readonly busy: boolean } {
  const navigate = useNavigate();
  const enabled = text.length >= LEAST_LETTERS;
  const common = { enabled, placeholderData: keepPreviousData, staleTime: 5_000 };
  const opportunities = useQuery(orpc.opportunities.list.queryOptions({ input: { search: text, limit: 6 }, ...common }));
  const purchases = useQuery(orpc.purchases.list.queryOptions({ input: { search: text, limit: 4 }, ...common }));
  const listings = useQuery(orpc.listings.list.queryOptions({ input: { search: text, limit: 4 }, ...common }));
  const stock = useQuery(orpc.stock.list.queryOptions({ input: { search: text, limit: 4 }, ...common }));
  if (!enabled) return { found: [], busy: false };
  return {
    busy: opportunities.isFetching || purchases.isFetching,
    found: [
      ...(opportunities.data?.items ?? []).map((o) => ({ id: o.id, label: o.title, icon: <IconTargetArrow size="1.125rem" />, right: <Money value={o.profit} result estimated />, run: () => void navigate({ to: '/opportunities', search: { open: o.id } }) })),
      ...(purchases.data?.items ?? []).map((p) => ({ id: p.id, label: p.title, icon: <IconShoppingCart size="1.125rem" />, right: <Money value={p.total ?? p.approvedTotal} />, run: () => void navigate({ to: '/purchases', search: { open: p.id } }) })),
      ...(listings.data?.items ?? []).map((l) => ({ id: l.id, label: l.title, icon: <IconTag size="1.125rem" />, right: <Money value={l.price} />, run: () => void navigate({ to: '/listings', search: { open: l.id } }) })),
      ...(stock.data?.items ?? []).map((s) => ({ id: s.id, label: s.title, icon: <IconPackage size="1.125rem" />, right: <Money value={s.value} />, run: () => void navigate({ to: '/stock', search: { open: s.id } }) })),
    ],
  };
}

const line = (command: Command) => (
  <Spotlight.Action key={command.id} onClick={command.run} leftSection={command.icon} rightSection={command.right} label={command.label} />
);

function Results({ query }: { readonly query: string }) {
  const { t } = useTranslation();
  const text = query.trim();
  const wanted = text.toLowerCase();
  const commands = useCommands().filter((command) => command.label.toLowerCase().includes(wanted));
  const { found, busy } = useFound(text);
  return (
    <Spotlight.ActionsList>
      {commands.length > 0 ? <Spotlight.ActionsGroup label={t('frame:palette.commands')}>{commands.map(line)}</Spotlight.ActionsGroup> : null}
      {found.length > 0 ? <Spotlight.ActionsGroup label={t('frame:palette.found')}>{found.map(line)}</Spotlight.ActionsGroup> : null}
      {commands.length === 0 && found.length === 0 ? <Spotlight.Empty>{busy ? t('common:loading') : t(text.length < LEAST_LETTERS ? 'frame:palette.more-letters' : 'frame:palette.nothing')}</Spotlight.Empty> : null}
    </Spotlight.ActionsList>
  );
}

/** One field for everything: pages, commands, and what the desk holds. */
export function CommandPalette() {
  const { t } = useTranslation();
  const [query, setQuery] = useState('');
  return (
    <Spotlight.Root store={store} query={query} onQueryChange={setQuery} shortcut={null} scrollable maxHeight="60vh" size="lg" attributes={{ content: { 'aria-label': t('frame:search') } }}>
      <Spotlight.Search placeholder={t('frame:palette.placeholder')} aria-label={t('frame:palette.placeholder')} leftSection={<IconSearch size="1.125rem" />} />
      <Results query={query} />
    </Spotlight.Root>
  );
}

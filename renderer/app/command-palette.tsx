import { Spotlight, createSpotlight } from '@mantine/spotlight';
import { useMantineColorScheme } from '@mantine/core';
import { IconBolt, IconCash, IconFileInvoice, IconHandStop, IconHeadset, IconMessages, IconMoon, IconPackage, IconPlus, IconReceipt2, IconRefresh, IconSearch, IconSettings, IconShoppingCart, IconSun, IconTag, IconTargetArrow } from '@tabler/icons-react';
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

/** Parts of pages that have no link of their own in the rail. */
const PLACES = [
  { id: 'counts', to: '/counts', search: {}, words: ['frame:page.counts'], Icon: IconPackage },
  { id: 'places', to: '/counts', search: { view: 'places' }, words: ['frame:page.counts', 'counts:view.places'], Icon: IconPackage },
  { id: 'costs', to: '/counts', search: { view: 'costs' }, words: ['frame:page.counts', 'counts:view.costs'], Icon: IconPackage },
  { id: 'inbound', to: '/inbound', search: {}, words: ['frame:page.inbound'], Icon: IconPackage },
  { id: 'fees', to: '/fees', search: {}, words: ['frame:page.fees'], Icon: IconReceipt2 },
  { id: 'scans', to: '/scans', search: {}, words: ['frame:page.scans'], Icon: IconRefresh },
  { id: 'payouts', to: '/payments', search: { view: 'payouts' }, words: ['frame:page.payments', 'payments:view.payouts'], Icon: IconCash },
  { id: 'report-stock', to: '/reports', search: { view: 'stock' }, words: ['frame:page.reports', 'reports:view.stock'], Icon: IconPackage },
  { id: 'report-tax', to: '/reports', search: { view: 'tax' }, words: ['frame:page.reports', 'reports:view.tax'], Icon: IconCash },
  { id: 'support-rules', to: '/support', search: { view: 'rules' }, words: ['frame:page.support', 'support:view.rules'], Icon: IconHeadset },
  ...(['limits', 'business', 'listings', 'talks', 'people', 'connections', 'appearance', 'audit'] as const).map((tab) => ({ id: `settings-${tab}`, to: '/settings', search: { tab }, words: ['frame:page.settings', `settings:tab.${tab}`], Icon: IconSettings })),
] as const;

/** Pages whose form for a new thing opens by address. */
const FORMS = [
  { id: 'stock', to: '/stock', word: 'stock:hand' },
  { id: 'purchase-order', to: '/purchase-orders', word: 'purchase-orders:new' },
  { id: 'payment', to: '/payments', word: 'payments:ask' },
  { id: 'count', to: '/counts', word: 'counts:new' },
] as const;

function useCommands(): Command[] {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const { colorScheme } = useMantineColorScheme();
  const appearance = useQuery(orpc.settings.appearance.queryOptions());
  const setAppearance = useMutation(orpc.settings.setAppearance.mutationOptions({ onSuccess: (saved) => queries.setQueryData(orpc.settings.appearance.queryKey(), saved), onError: (error) => notifyError(error, t) }));
  const info = useQuery(orpc.system.info.queryOptions());
  const stop = useMutation(orpc.system.setKillSwitch.mutationOptions({ onSuccess: (next) => queries.setQueryData(orpc.system.info.queryKey(), next), onError: (error) => notifyError(error, t) }));
  const sync = useMutation(orpc.orders.sync.mutationOptions({ onSuccess: () => notify({ message: t('frame:palette.sync-started') }), onError: (error) => notifyError(error, t) }));
  const toScheme = (scheme: 'light' | 'dark') => { if (appearance.data) setAppearance.mutate({ value: { ...appearance.data.value, scheme }, version: appearance.data.version }); };
  return [
    ...PAGES.map(({ to, key, Icon }) => ({ id: `page-${key}`, label: t('frame:palette.go', { page: t(`frame:page.${key}`) }), icon: <Icon size="1.125rem" stroke={1.7} />, run: () => void navigate({ to }) })),
    ...PLACES.map(({ id, to, search, words, Icon }) => ({ id: `place-${id}`, label: t('frame:palette.go', { page: words.map((word) => t(word)).join(' › ') }), icon: <Icon size="1.125rem" />, run: () => void navigate({ to, search } as never) })),
    ...FORMS.map(({ id, to, word }) => ({ id: `new-${id}`, label: t(word), icon: <IconPlus size="1.125rem" />, run: () => void navigate({ to, search: { new: true } } as never) })),
    ...(info.data && !info.data.killSwitch ? [{ id: 'stop-all', label: t('frame:kill.stop-action'), icon: <IconHandStop size="1.125rem" />, run: () => stop.mutate({ on: true }) }] : []),
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
  const orders = useQuery(orpc.orders.list.queryOptions({ input: { search: text, limit: 4 }, ...common }));
  const talks = useQuery(orpc.negotiations.list.queryOptions({ input: { search: text, limit: 3 }, ...common }));
  const tickets = useQuery(orpc.support.list.queryOptions({ input: { search: text, limit: 3 }, ...common }));
  const requests = useQuery(orpc.purchaseOrders.list.queryOptions({ input: { search: text, limit: 3 }, ...common }));
  if (!enabled) return { found: [], busy: false };
  return {
    busy: [opportunities, purchases, listings, stock, orders, talks, tickets, requests].some((query) => query.isFetching),
    found: [
      ...(opportunities.data?.items ?? []).map((o) => ({ id: o.id, label: o.title, icon: <IconTargetArrow size="1.125rem" />, right: <Money value={o.profit} result estimated />, run: () => void navigate({ to: '/opportunities', search: { open: o.id } }) })),
      ...(purchases.data?.items ?? []).map((p) => ({ id: p.id, label: p.title, icon: <IconShoppingCart size="1.125rem" />, right: <Money value={p.total ?? p.approvedTotal} />, run: () => void navigate({ to: '/purchases', search: { open: p.id } }) })),
      ...(listings.data?.items ?? []).map((l) => ({ id: l.id, label: l.title, icon: <IconTag size="1.125rem" />, right: <Money value={l.price} />, run: () => void navigate({ to: '/listings', search: { open: l.id } }) })),
      ...(stock.data?.items ?? []).map((s) => ({ id: s.id, label: s.title, icon: <IconPackage size="1.125rem" />, right: <Money value={s.value} />, run: () => void navigate({ to: '/stock', search: { open: s.id } }) })),
      ...(orders.data?.items ?? []).map((o) => ({ id: o.id, label: [o.externalId, o.title].join(' · '), icon: <IconReceipt2 size="1.125rem" />, right: <Money value={o.total} />, run: () => void navigate({ to: '/orders', search: { open: o.id } }) })),
      ...(talks.data?.items ?? []).map((n) => ({ id: n.id, label: n.title, icon: <IconMessages size="1.125rem" />, run: () => void navigate({ to: '/negotiations', search: { open: n.id } }) })),
      ...(tickets.data?.items ?? []).map((k) => ({ id: k.id, label: [k.customerName, k.subject ?? k.orderNumber].filter(Boolean).join(' · '), icon: <IconHeadset size="1.125rem" />, run: () => void navigate({ to: '/support', search: { view: 'all', open: k.id } }) })),
      ...(requests.data?.items ?? []).map((r) => ({ id: r.id, label: [r.number, r.supplier].join(' · '), icon: <IconFileInvoice size="1.125rem" />, run: () => void navigate({ to: '/purchase-orders', search: { open: r.id } }) })),
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

import { Button, Skeleton } from '@mantine/core';
import { IconBell, IconChecks } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { InboxItem } from '#contract/approvals.ts';
import type { Reason } from '#contract/shared.ts';
import { orpc } from '../../rpc/client.ts';
import { askToNotify } from '../../ui/alerts.ts';
import { Page } from '../../ui/page.tsx';
import { useShortcuts } from '../../ui/shortcuts.ts';
import { EmptyState, ErrorState } from '../../ui/states.tsx';
import { InboxRow } from './inbox-row.tsx';
import { useDecide } from './use-decide.ts';
import './approvals.css';

const keyOf = (item: InboxItem) => `${item.kind}:${item.id}`;

/** What the limits would refuse just now, by opportunity: said on the row instead of after the click. */
function useBlocked(items: readonly InboxItem[]): ReadonlyMap<string, readonly Reason[]> {
  const asked = items.filter((item) => item.kind === 'opportunity').slice(0, 50).map(({ id, version }) => ({ id, version }));
  const { data } = useQuery({ ...orpc.opportunities.summary.queryOptions({ input: { items: asked } }), enabled: asked.length > 0, placeholderData: keepPreviousData });
  return new Map(data?.items.map((one) => [one.id, one.blockedBy]));
}

const FREE: readonly Reason[] = [];

function List({ items }: { readonly items: readonly InboxItem[] }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const decide = useDecide();
  const blocked = useBlocked(items);
  const blockedBy = (item: InboxItem) => (item.kind === 'opportunity' ? blocked.get(item.id) : undefined) ?? FREE;
  const [chosen, choose] = useState<string | null>(null);
  const index = Math.max(0, items.findIndex((item) => keyOf(item) === chosen));
  const active = items[index];
  const move = (by: number) => { const next = items[Math.min(items.length - 1, Math.max(0, index + by))]; if (next) choose(keyOf(next)); };
  const act = (item: InboxItem, decision: 'approve' | 'refuse') => {
    const next = items[index + 1] ?? items[index - 1];
    if (next && keyOf(item) === (active && keyOf(active))) choose(keyOf(next));
    decide(item, decision);
  };
  const open = (item: InboxItem) => void navigate({ to: item.kind === 'opportunity' ? '/opportunities' : '/purchases', search: { open: item.id } as never });
  useShortcuts([
    { keys: ['j', 'ArrowDown'], shown: 'J', label: t('approvals:key.next'), run: () => move(1) },
    { keys: ['k', 'ArrowUp'], shown: 'K', label: t('approvals:key.previous'), run: () => move(-1) },
    { keys: ['a'], shown: 'A', label: t('approvals:key.approve'), run: () => { if (active?.mayDecide && blockedBy(active).length === 0) act(active, 'approve'); } },
    { keys: ['s'], shown: 'S', label: t('approvals:key.refuse'), run: () => { if (active) act(active, 'refuse'); } },
    { keys: ['Enter'], shown: 'Enter', label: t('approvals:key.details'), run: () => { if (active) open(active); } },
  ]);
  const waiting = items.filter((item) => item.kind !== 'opportunity');
  const best = items.filter((item) => item.kind === 'opportunity');
  const group = (title: string, note: string, rows: readonly InboxItem[]) => (rows.length === 0 ? null : (
    <section className="card inbox-group" aria-label={title}>
      <header><h2>{title}</h2><span className="small muted">{note}</span></header>
      <ul>{rows.map((item) => <InboxRow key={keyOf(item)} item={item} blockedBy={blockedBy(item)} active={active !== undefined && keyOf(item) === keyOf(active)} onActivate={() => choose(keyOf(item))} onApprove={() => act(item, 'approve')} onRefuse={() => act(item, 'refuse')} />)}</ul>
    </section>
  ));
  return <>{group(t('approvals:waiting', { count: waiting.length }), t('approvals:waiting-note'), waiting)}{group(t('approvals:best'), t('approvals:best-note'), best)}</>;
}

/** Asked for by a click, once: the computer keeps the answer. */
function TellMe() {
  const { t } = useTranslation();
  const [open, ask] = useState('Notification' in window && Notification.permission === 'default');
  return open ? <Button variant="default" leftSection={<IconBell size="1rem" />} onClick={() => void askToNotify().then(() => ask(false))}>{t('approvals:tell-me')}</Button> : null;
}

/** What waits for a decision, what runs out soonest first; decided by keyboard. */
export function ApprovalsPage() {
  const { t } = useTranslation();
  const query = useQuery(orpc.approvals.inbox.queryOptions());
  const body = query.data
    ? query.data.items.length > 0 ? <List items={query.data.items} />
      : <section className="card"><EmptyState icon={<IconChecks size="1.75rem" stroke={1.5} />} title={t('approvals:empty.title')} action={<Button variant="default" component={Link} to="/opportunities">{t('approvals:empty.action')}</Button>}>{t('approvals:empty.text')}</EmptyState></section>
    : query.error ? <section className="card"><ErrorState error={query.error} onRetry={() => void query.refetch()} /></section>
      : <div role="status" aria-label={t('common:loading')} className="card inbox-group">{[0, 1, 2, 3].map((n) => <Skeleton key={n} height="4.5rem" />)}</div>;
  return <Page title={t('frame:page.approvals')} scroll tools={<><span className="grow" /><TellMe /><Button variant="default" component={Link} to="/settings" search={{ tab: 'people' } as never}>{t('approvals:people-link')}</Button></>}><div className="inbox">{body}</div></Page>;
}

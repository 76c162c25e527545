import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useRouterState } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { client, orpc } from '../rpc/client.ts';
import { isSameView } from '../ui/alerts.ts';
import { notify } from '../ui/notify.tsx';
import { useWordReason } from '../ui/reason.tsx';

/** The person sees the list of this view just now. */
function isLookedAt(address: { readonly pathname: string; readonly search: Readonly<Record<string, unknown>> }, query: Readonly<Record<string, unknown>>): boolean {
  return document.visibilityState === 'visible' && document.hasFocus() && address.pathname === '/opportunities' && isSameView(address.search, query);
}

/** Tells of new matches of saved views, once: by the computer's own notifications where they are allowed, else in this window. Says nothing of a view that is being looked at. */
export function AlertNotifier(): null {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const address = useRouterState({ select: (state) => ({ pathname: state.location.pathname, search: state.location.search as Record<string, unknown> }) });
  const here = useRef(address);
  here.current = address;
  const untold = useQuery(orpc.alerts.list.queryOptions()).data?.some((alert) => alert.untold > 0) ?? false;
  useEffect(() => {
    if (!untold) return;
    void (async () => {
      // Of several windows one is handed each match.
      for (const told of await client.alerts.claim()) {
        if (isLookedAt(here.current, told.query)) continue;
        const title = t('frame:alert.title', { count: told.count, view: told.name });
        const open = () => void navigate({ to: '/opportunities', search: told.query as never });
        if ('Notification' in window && Notification.permission === 'granted') {
          const shown = new Notification(title, { body: told.titles.join('\n'), tag: `resale-desk:${told.viewId}` });
          shown.addEventListener('click', () => { window.focus(); open(); shown.close(); });
        } else notify({ message: title, action: { label: t('frame:alert.open'), run: open }, closeMs: 15_000 });
      }
      void queries.invalidateQueries({ queryKey: orpc.alerts.key() });
    })().catch(() => { /* The engine is away: what is untold stays so, and is asked for again. */ });
  }, [untold, t, navigate, queries]);
  useWatchNews();
  return null;
}

/** Tells of what watched offers did, once, in the same way. */
function useWatchNews(): void {
  const { t } = useTranslation();
  const word = useWordReason();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const untold = (useQuery(orpc.watches.untold.queryOptions()).data?.count ?? 0) > 0;
  useEffect(() => {
    if (!untold) return;
    void (async () => {
      for (const { watchId, title, reason } of await client.watches.claim()) {
        const open = () => void navigate({ to: '/watch', search: { open: watchId } as never });
        if ('Notification' in window && Notification.permission === 'granted') {
          const shown = new Notification(title, { body: word(reason), tag: `resale-desk:${watchId}` });
          shown.addEventListener('click', () => { window.focus(); open(); shown.close(); });
        } else notify({ message: `${title}: ${word(reason)}`, action: { label: t('frame:watch.open'), run: open }, closeMs: 15_000 });
      }
      void queries.invalidateQueries({ queryKey: orpc.watches.key() });
    })().catch(() => { /* The engine is away: what is untold stays so, and is asked for again. */ });
  }, [untold, t, word, navigate, queries]);
}

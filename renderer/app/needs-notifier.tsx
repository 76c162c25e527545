import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { orpc } from '../rpc/client.ts';

/** What stops until a person decides, and where they do. */
const PAGES = { 'approve-second': '/approvals', 'purchase-stopped': '/approvals', talk: '/negotiations' } as const;
type Told = keyof typeof PAGES;

/** Tells, by the computer's own notifications where they are allowed, of what has come to wait for a decision since this window was opened, while nobody looks at it. */
export function NeedsNotifier(): null {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const items = useQuery(orpc.system.today.queryOptions()).data?.items;
  /** Null until the first answer: what waited already is on the page that opens. */
  const known = useRef<Set<string> | null>(null);
  useEffect(() => {
    if (!items) return;
    const waiting = items.filter((item): item is typeof item & { kind: Told } => item.kind in PAGES);
    const before = known.current;
    known.current = new Set(waiting.map((item) => `${item.kind}:${item.id}`));
    if (before === null || document.hasFocus() || !('Notification' in window) || Notification.permission !== 'granted') return;
    for (const item of waiting) {
      if (before.has(`${item.kind}:${item.id}`)) continue;
      // the tag lets several windows of one desk show it once
      const shown = new Notification(t(`today:kind.${item.kind}`), { body: item.title, tag: `resale-desk:${item.kind}:${item.id}` });
      shown.addEventListener('click', () => { window.focus(); void navigate({ to: PAGES[item.kind], search: { open: item.kind === 'talk' ? item.id : `${item.kind === 'approve-second' ? 'second' : 'again'}:${item.id}` } as never }); shown.close(); });
    }
  }, [items, t, navigate]);
  return null;
}

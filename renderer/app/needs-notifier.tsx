import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { TFunction } from 'i18next';
import { client, orpc } from '../rpc/client.ts';
import { useFormat, type Formatter } from '../ui/format.ts';

/** What stops until a person decides, and where they do. */
const PAGES = { 'approve-second': '/approvals', 'purchase-stopped': '/approvals', talk: '/negotiations' } as const;
type Told = keyof typeof PAGES;

interface Waiting { readonly kind: Told; readonly id: string }

/**
 * How many, for how much, and what it is expected to earn, of approvals that wait. A notification only leads to the card: it has no button that approves, for it is pressed by whoever sits at the screen and shows less than the evidence. Without
 * an answer it names the thing alone.
 */
async function termsOf(items: readonly Waiting[], t: TFunction, format: Formatter): Promise<ReadonlyMap<string, string>> {
  if (items.every(({ kind }) => kind === 'talk')) return new Map();
  const inbox = await client.approvals.inbox().catch(() => null);
  return new Map((inbox?.items ?? []).filter(({ kind }) => kind !== 'opportunity').map((one) => [one.id, t(one.profit ? 'frame:approval.terms' : 'frame:approval.terms-plain', { count: one.quantity, total: format.money(one.total), ...(one.profit ? { profit: format.money(one.profit) } : {}) })]));
}

/** Tells, by the computer's own notifications where they are allowed, of what has come to wait for a decision since this window was opened, while nobody looks at it. */
export function NeedsNotifier(): null {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const format = useFormat();
  const items = useQuery(orpc.system.today.queryOptions()).data?.items;
  /** Null until the first answer: what waited already is on the page that opens. */
  const known = useRef<Set<string> | null>(null);
  useEffect(() => {
    if (!items) return;
    const waiting = items.filter((item): item is typeof item & { kind: Told } => item.kind in PAGES);
    const before = known.current;
    known.current = new Set(waiting.map((item) => `${item.kind}:${item.id}`));
    if (before === null || document.hasFocus() || !('Notification' in window) || Notification.permission !== 'granted') return;
    const fresh = waiting.filter((item) => !before.has(`${item.kind}:${item.id}`));
    if (fresh.length === 0) return;
    void termsOf(fresh, t, format).then((terms) => {
      for (const item of fresh) {
        // the tag lets several windows of one desk show it once
        const shown = new Notification(t(`today:kind.${item.kind}`), { body: [item.title, terms.get(item.id)].filter(Boolean).join('\n'), tag: `resale-desk:${item.kind}:${item.id}` });
        shown.addEventListener('click', () => { window.focus(); void navigate({ to: PAGES[item.kind], search: { open: item.kind === 'talk' ? item.id : `${item.kind === 'approve-second' ? 'second' : 'again'}:${item.id}` } as never }); shown.close(); });
      }
    });
  }, [items, t, format, navigate]);
  return null;
}

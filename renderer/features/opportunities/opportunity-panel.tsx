import { Anchor, Button, NumberInput } from '@mantine/core';
import { IconArrowsMaximize, IconCheck, IconExternalLink, IconPlayerSkipForward } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OpportunityDetail } from '#contract/opportunities.ts';
import { money, type Money as Amount } from '#kernel/money.ts';
import { orpc } from '../../rpc/client.ts';
import { useConnection } from '../../rpc/connection.ts';
import { useFormat } from '../../ui/format.ts';
import { KeyHint } from '../../ui/key-hint.tsx';
import { useWordReason } from '../../ui/reason.tsx';
import { useShortcuts } from '../../ui/shortcuts.ts';
import { DetailSkeleton, ErrorState } from '../../ui/states.tsx';
import { StatusBadge } from '../../ui/status-badge.tsx';
import { Verdict } from '../../ui/verdict.tsx';
import type { Decisions } from './decide.ts';
import { Asks } from './asks.tsx';
import { History } from './history.tsx';
import { OpinionSection } from './opinion.tsx';
import { Arithmetic, Comparables, Distribution, Evidence, Why } from './panel-sections.tsx';

interface PanelProps { readonly id: string; readonly decisions: Decisions; readonly onDecided: () => void; /** Whether A and S mean this one: not while several are chosen. */ readonly keys: boolean }

/** What `quantity` would cost: the engine's own total for its quantity, else from the unit cost. */
export function orderTotal(detail: Pick<OpportunityDetail, 'approval' | 'unitCost'>, quantity: number): { readonly total: Amount; readonly exact: boolean } {
  if (quantity === detail.approval.quantity) return { total: detail.approval.total, exact: true };
  return { total: money(detail.unitCost.minor * quantity, detail.unitCost.currency), exact: false };
}

/** What the button says: who orders, and whether the total is exact. */
const APPROVE = {
  checkout: { exact: 'opportunities:approve', about: 'opportunities:approve-about' },
  hand: { exact: 'opportunities:approve-by-hand', about: 'opportunities:approve-by-hand-about' },
} as const;

export function Approve({ detail, decisions, onDecided, keys }: Omit<PanelProps, 'id'> & { readonly detail: OpportunityDetail }) {
  const { t } = useTranslation();
  const format = useFormat();
  const connection = useConnection();
  const [quantity, setQuantity] = useState(Math.max(1, detail.approval.quantity));
  const { total, exact } = orderTotal(detail, quantity);
  const open = detail.state === 'open';
  const allowed = open && detail.approval.allowed && connection.state !== 'offline';
  const approve = () => { if (!allowed) return; onDecided(); decisions.approve(detail, { quantity, total, byHand: detail.approval.byHand }); };
  const skip = () => { if (!open) return; onDecided(); decisions.skip(detail); };
  useShortcuts([
    { keys: ['a'], shown: 'A', label: t('common:keys.approve'), run: approve },
    { keys: ['s'], shown: 'S', label: t('common:keys.skip'), run: skip },
  ], open && keys);
  if (!open) {
    return (
      <footer className="detail-foot">
        <StatusBadge tone={detail.state === 'skipped' || detail.state === 'expired' ? 'ended' : 'done'} label={t(`opportunities:state.${detail.state}`)} />
        <span className="grow" />
        {detail.purchaseId ? <Button component={Link} to="/purchases" search={{ open: detail.purchaseId } as never} variant="default">{t('opportunities:open-purchase')}</Button> : null}
      </footer>
    );
  }
  return (
    <footer className="detail-foot">
      <NumberInput aria-label={t('opportunities:quantity')} w="4.25rem" min={1} max={100_000} allowDecimal={false} value={quantity} onChange={(value) => setQuantity(Math.max(1, Number(value) || 1))} />
      <Button size="sm" disabled={!allowed} onClick={approve} leftSection={<IconCheck size="1rem" />} rightSection={<KeyHint keys="A" />}>
        {t(APPROVE[detail.approval.byHand ? 'hand' : 'checkout'][exact ? 'exact' : 'about'], { quantity: format.number(quantity), total: format.money(total) })}
      </Button>
      <Button size="sm" variant="default" onClick={skip} leftSection={<IconPlayerSkipForward size="1rem" className="flip" />} rightSection={<KeyHint keys="S" />}>{t('opportunities:skip')}</Button>
      {detail.ceiling === null ? null : <Button size="sm" variant="subtle" component={Link} to="/negotiations" search={{ start: detail.id } as never}>{t('opportunities:negotiate')}</Button>}
    </footer>
  );
}

export function Head({ detail, full = false }: { readonly detail: OpportunityDetail; readonly full?: boolean }) {
  const { t } = useTranslation();
  const facts = [detail.brand, detail.category, detail.product.asin ?? detail.product.gtin].filter(Boolean).join(' · ');
  return (
    <header className="detail-head">
      <h2>{detail.title}</h2>
      <p className="small muted">{facts}{facts ? ' · ' : ''}<Anchor underline="always" href={detail.offer.url} target="_blank" rel="noreferrer noopener" inherit>{t('opportunities:offer-at', { source: detail.sourceName })} <IconExternalLink size="0.75rem" aria-hidden="true" style={{ verticalAlign: '-0.1em' }} /></Anchor>{full ? null : <> · <Anchor underline="always" inherit renderRoot={(props) => <Link {...props} to="/product" search={{ id: detail.id } as never} />}>{t('opportunities:product.open')} <IconArrowsMaximize size="0.75rem" aria-hidden="true" style={{ verticalAlign: '-0.1em' }} /></Anchor></>}</p>
    </header>
  );
}

export function Blocked({ detail }: { readonly detail: OpportunityDetail }) {
  const { t } = useTranslation();
  const word = useWordReason();
  if (detail.state !== 'open' || detail.approval.allowed) return null;
  return (
    <div className="notice" role="note">
      <strong>{t('opportunities:blocked')}</strong>
      <ul>{detail.approval.blockedBy.map((reason) => <li key={reason.code}>{word(reason)}</li>)}</ul>
    </div>
  );
}

/** Said before the click: approving will not order anything. */
export function ByHand({ detail }: { readonly detail: OpportunityDetail }) {
  const { t } = useTranslation();
  if (detail.state !== 'open' || !detail.approval.byHand) return null;
  return <p className="small muted">{t('opportunities:by-hand', { source: detail.sourceName })}</p>;
}

/** One opportunity: the verdict first, the arithmetic under it, then what it rests on. */
export function OpportunityPanel({ id, decisions, onDecided, keys }: PanelProps) {
  const { t } = useTranslation();
  const { data: detail, error, isPending, refetch } = useQuery(orpc.opportunities.get.queryOptions({ input: { id } }));
  if (isPending) return <DetailSkeleton />;
  if (error && !detail) return <ErrorState error={error} onRetry={() => void refetch()} />;
  return (
    <article className="detail">
      <Head detail={detail} />
      <div className="detail-body" tabIndex={0} role="region" aria-label={t('opportunities:detail')}>
        <div className="section stack"><Verdict facts={detail} /><Blocked detail={detail} /><ByHand detail={detail} /></div>
        <Arithmetic detail={detail} />
        <History id={id} />
        <Distribution detail={detail} />
        <Why detail={detail} />
        <OpinionSection key={`opinion-${id}`} id={id} />
        <Comparables detail={detail} />
        <Asks key={id} id={id} />
        <Evidence detail={detail} />
      </div>
      <Approve key={detail.version} detail={detail} decisions={decisions} onDecided={onDecided} keys={keys} />
    </article>
  );
}

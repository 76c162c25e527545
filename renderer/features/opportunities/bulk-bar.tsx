import { Button, Modal } from '@mantine/core';
import { IconArrowsDiff, IconCheck, IconPlayerSkipForward, IconX } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ApprovalSummary, OpportunityRow } from '#contract/opportunities.ts';
import { money } from '#kernel/money.ts';
import { client, orpc } from '../../rpc/client.ts';
import { describeError } from '../../rpc/describe-error.ts';
import { useFormat } from '../../ui/format.ts';
import { KeyHint } from '../../ui/key-hint.tsx';
import { Money } from '../../ui/money.tsx';
import { notify, notifyError } from '../../ui/notify.tsx';
import { useWordReason } from '../../ui/reason.tsx';
import { useShortcuts } from '../../ui/shortcuts.ts';
import { DetailSkeleton, ErrorState } from '../../ui/states.tsx';
import './bulk-bar.css';

export const MOST_COMPARED = 4;
const MOST_APPROVED = 50;

interface BulkProps { readonly rows: readonly OpportunityRow[]; readonly onClear: () => void; readonly onCompare: (ids: readonly string[]) => void; readonly onUndo: (undo: () => void) => void }

function useSettle() {
  const queries = useQueryClient();
  return () => { for (const area of [orpc.opportunities, orpc.purchases, orpc.system, orpc.alerts]) void queries.invalidateQueries({ queryKey: area.key() }); };
}

function LimitBar({ summary }: { readonly summary: ApprovalSummary }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { sum, spentToday, dayLimit, cash, cashReserve } = summary;
  const left = money(cash.minor - sum.minor, cash.currency);
  return (
    <dl className="bulk-sums">
      <div><dt>{t('opportunities:bulk.sum')}</dt><dd><Money value={sum} strong /></dd></div>
      <div><dt>{t('opportunities:bulk.profit')}</dt><dd><Money value={summary.profit} estimated result /></dd></div>
      <div><dt>{t('opportunities:bulk.day')}</dt><dd>{dayLimit ? t('opportunities:bulk.of-day', { total: format.money(money(spentToday.minor + sum.minor, sum.currency)), limit: format.money(dayLimit) }) : t('opportunities:bulk.no-day')}</dd></div>
      <div><dt>{t('opportunities:bulk.cash')}</dt><dd><Money value={left} /> <span className="small muted">{t('opportunities:bulk.reserve', { reserve: format.money(cashReserve) })}</span></dd></div>
    </dl>
  );
}

function Items({ summary }: { readonly summary: ApprovalSummary }) {
  const { t } = useTranslation();
  const format = useFormat();
  const word = useWordReason();
  return (
    <div className="bulk-items" tabIndex={0} role="region" aria-label={t('opportunities:bulk.items')}>
      <table className="plain-table">
        <thead><tr><th scope="col">{t('opportunities:column.title')}</th><th scope="col" data-align="end">{t('opportunities:column.quantity')}</th><th scope="col" data-align="end">{t('opportunities:bulk.total')}</th><th scope="col" data-align="end">{t('opportunities:bulk.profit')}</th></tr></thead>
        <tbody>
          {summary.items.map((item) => {
            const against = [...item.blockedBy, ...item.beyond];
            return (
              <tr key={item.id} className={against.length > 0 ? 'muted' : undefined}>
                <td>{item.title}{item.byHand && against.length === 0 ? <span className="small muted"> · {t('opportunities:bulk.by-hand')}</span> : null}{against.length > 0 ? <div className="small attention">{t('opportunities:bulk.left-out')} {against.map(word).join(' ')}</div> : null}</td>
                <td data-align="end" className="num">{format.number(item.quantity)}</td><td data-align="end"><Money value={item.total} /></td><td data-align="end"><Money value={item.profit} estimated result={against.length === 0} /></td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

/** The sum against the limits, asked once; then each is an approval of its own, with its own evidence, and a limit can still refuse it. */
function ApproveSeveral({ rows, onClose, onDone }: { readonly rows: readonly OpportunityRow[]; readonly onClose: () => void; readonly onDone: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const settle = useSettle();
  const items = rows.slice(0, MOST_APPROVED).map(({ id, version }) => ({ id, version }));
  const { data: summary, error, isPending, refetch } = useQuery({ ...orpc.opportunities.summary.queryOptions({ input: { items } }), gcTime: 0, retry: false });
  const fine = summary?.items.filter((item) => item.blockedBy.length + item.beyond.length === 0) ?? [];
  const [done, setDone] = useState(0);
  const approve = useMutation({
    mutationFn: async () => {
      const refused: string[] = [];
      for (const { id, version, quantity, title } of fine) {
        try {
          await client.opportunities.approve({ id, version, quantity });
        } catch (failure) {
          refused.push(`${title}: ${describeError(failure, t).title}`);
        }
        setDone((n) => n + 1);
      }
      return refused;
    },
    onSuccess: (refused) => {
      notify({ message: t('opportunities:bulk.approved', { count: fine.length - refused.length }), ...(refused.length > 0 ? { closeMs: 20_000 } : {}) });
      for (const text of refused) notify({ message: t('opportunities:bulk.refused', { what: text }), closeMs: 20_000 });
      onDone();
    },
    onSettled: settle,
  });
  return (
    <Modal opened onClose={onClose} size="xl" title={<strong>{t('opportunities:bulk.title', { count: rows.length })}</strong>} closeButtonProps={{ 'aria-label': t('common:close') }}>
      {isPending ? <DetailSkeleton /> : error ? <ErrorState error={error} onRetry={() => void refetch()} /> : (
        <div className="stack" style={{ gap: '0.875rem' }}>
          <LimitBar summary={summary} />
          <Items summary={summary} />
          {rows.length > MOST_APPROVED ? <p className="small attention">{t('opportunities:bulk.most', { most: MOST_APPROVED })}</p> : null}
          <div className="row" style={{ justifyContent: 'flex-end' }}>
            <Button variant="default" onClick={onClose}>{t('common:cancel')}</Button>
            <Button disabled={fine.length === 0} loading={approve.isPending} onClick={() => approve.mutate()} leftSection={<IconCheck size="1rem" />}>{approve.isPending ? `${done} / ${fine.length}` : t('opportunities:bulk.approve', { count: fine.length, total: format.money(summary.sum) })}</Button>
          </div>
        </div>
      )}
    </Modal>
  );
}

/** What can be done with the rows that are chosen. */
export function BulkBar({ rows, onClear, onCompare, onUndo }: BulkProps) {
  const { t } = useTranslation();
  const settle = useSettle();
  const [approving, setApproving] = useState(false);
  const open = rows.filter((row) => row.state === 'open');
  const skip = useMutation({
    mutationFn: () => client.opportunities.skipMany({ items: open.map(({ id, version }) => ({ id, version })) }),
    onSuccess: ({ done, refused }) => {
      const undo = () => { client.opportunities.reopenMany({ ids: done }).catch((error: unknown) => notifyError(error, t)).finally(settle); };
      if (done.length > 0) onUndo(undo);
      notify({ message: t('opportunities:bulk.skipped', { count: done.length }) + (refused.length > 0 ? ` ${t('opportunities:bulk.not-skipped', { count: refused.length })}` : ''), ...(done.length > 0 ? { action: { label: t('common:undo'), run: undo } } : {}) });
      onClear();
    },
    onError: (error) => notifyError(error, t), onSettled: settle,
  });
  const comparable = rows.length >= 2 && rows.length <= MOST_COMPARED;
  const compare = () => { if (comparable) onCompare(rows.map((row) => row.id)); };
  useShortcuts([
    { keys: ['c'], shown: 'C', label: t('common:keys.compare'), run: compare },
    { keys: ['s'], shown: 'S', label: t('opportunities:bulk.skip', { count: open.length }), run: () => { if (open.length > 0) skip.mutate(); } },
    { keys: ['a'], shown: 'A', label: t('opportunities:bulk.review', { count: open.length }), run: () => { if (open.length > 0) setApproving(true); } },
  ]);
  return (
    <div className="bulk-bar" role="toolbar" aria-label={t('opportunities:bulk')}>
      <strong className="num">{t('opportunities:bulk.chosen', { count: rows.length })}</strong>
      <Button size="compact-md" disabled={open.length === 0} leftSection={<IconCheck size="0.9375rem" />} rightSection={<KeyHint keys="A" />} onClick={() => setApproving(true)}>{t('opportunities:bulk.review', { count: open.length })}</Button>
      <Button size="compact-md" variant="default" disabled={open.length === 0} loading={skip.isPending} leftSection={<IconPlayerSkipForward size="0.9375rem" className="flip" />} rightSection={<KeyHint keys="S" />} onClick={() => skip.mutate()}>{t('opportunities:bulk.skip', { count: open.length })}</Button>
      <Button size="compact-md" variant="default" disabled={!comparable} title={comparable ? undefined : t('opportunities:bulk.compare-few', { most: MOST_COMPARED })} leftSection={<IconArrowsDiff size="0.9375rem" />} rightSection={<KeyHint keys="C" />} onClick={compare}>{t('opportunities:bulk.compare')}</Button>
      <span className="grow" />
      <Button size="compact-md" variant="subtle" leftSection={<IconX size="0.875rem" />} onClick={onClear}>{t('opportunities:bulk.clear')}</Button>
      {approving ? <ApproveSeveral rows={open} onClose={() => setApproving(false)} onDone={() => { setApproving(false); onClear(); }} /> : null}
    </div>
  );
}

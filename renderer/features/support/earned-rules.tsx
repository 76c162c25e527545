import { Button, NumberInput, Select, Switch } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import type { earnedRow, supportPolicy } from '#contract/support.ts';
import { orpc } from '../../rpc/client.ts';
import { useFormat } from '../../ui/format.ts';
import { MoneyInput } from '../../ui/money-input.tsx';
import { notify } from '../../ui/notify.tsx';
import { useWordReason } from '../../ui/reason.tsx';
import { ErrorState, TableSkeleton } from '../../ui/states.tsx';
import { CannedReplies } from './canned-replies.tsx';
import { useSettle } from './use-settle.ts';

type Policy = z.infer<typeof supportPolicy>;

/** What each kind of reply has earned, and the switch that lets it go by itself. */
function Earned({ rows, value, onChange, busy }: { readonly rows: readonly z.infer<typeof earnedRow>[]; readonly value: Policy; readonly onChange: (value: Policy) => void; readonly busy: boolean }) {
  const { t } = useTranslation();
  const format = useFormat();
  const word = useWordReason();
  const percent = (bp: number | null) => (bp === null ? '–' : format.percent(bp, 0));
  return (
    <table className="earned-table">
      <caption className="visually-hidden">{t('support:earned')}</caption>
      <thead><tr>{['kind', 'on', 'drafts', 'acceptance', 'ece', 'alone', 'why'].map((id) => <th key={id} scope="col">{t(`support:earned-column.${id}`)}</th>)}</tr></thead>
      <tbody>{rows.map((row) => (
        <tr key={row.intent}>
          <th scope="row">{t(`support:intent.${row.intent}`)}</th>
          <td>{row.mayEver ? <Switch aria-label={t('support:switch', { kind: t(`support:intent.${row.intent}`) })} checked={row.on} disabled={busy} onChange={(event) => onChange({ ...value, autoSend: event.currentTarget.checked ? [...value.autoSend, row.intent] : value.autoSend.filter((one) => one !== row.intent) })} /> : <span className="muted">–</span>}</td>
          <td className="num">{format.number(row.drafts)}</td><td className="num">{percent(row.acceptanceBp)}</td><td className="num">{percent(row.eceBp)}</td><td className="num">{format.number(row.sentByItself)}</td><td>{word(row.why)}</td>
        </tr>
      ))}</tbody>
    </table>
  );
}

export function EarnedRules() {
  const { t } = useTranslation();
  const earned = useQuery(orpc.support.earned.queryOptions());
  const policy = useQuery(orpc.support.policy.queryOptions());
  const save = useMutation(orpc.support.setPolicy.mutationOptions(useSettle(() => notify({ message: t('support:saved') }))));
  const error = earned.error ?? policy.error;
  if (error) return <ErrorState error={error} onRetry={() => { void earned.refetch(); void policy.refetch(); }} />;
  if (!earned.data || !policy.data) return <TableSkeleton />;
  const { value, version } = policy.data;
  const change = (next: Policy) => save.mutate({ value: next, version });
  return (
    <div className="stack" style={{ overflow: 'auto', padding: '0.25rem 1.125rem 2rem' }} tabIndex={0} role="region" aria-label={t('support:rules')}>
      <p className="muted" style={{ maxInlineSize: '48rem' }}>{t('support:earned-note', { least: value.leastAcceptanceBp / 100, drafts: value.leastDrafts, days: value.shadowDays })}</p>
      <Earned rows={earned.data} value={value} onChange={change} busy={save.isPending} />
      <Promises key={`p${version}`} value={value} onSave={change} busy={save.isPending} />
      <CannedReplies key={`c${version}`} value={value.canned} onSave={(canned) => change({ ...value, canned })} busy={save.isPending} />
    </div>
  );
}

/** What replies may promise. */
function Promises({ value, onSave, busy }: { readonly value: Policy; readonly onSave: (value: Policy) => void; readonly busy: boolean }) {
  const { t } = useTranslation();
  const [draft, setDraft] = useState(value);
  const set = (part: Partial<Policy>) => setDraft((before) => ({ ...before, ...part }));
  const days = (key: 'returnDays' | 'shipWithinDays' | 'arriveWithinDays' | 'keepDays', least: number, most: number) => <NumberInput label={t(`support:policy.${key}`)} w="12rem" min={least} max={most} allowDecimal={false} value={draft[key]} onChange={(next) => set({ [key]: Math.min(most, Math.max(least, Number(next) || least)) })} />;
  return (
    <form className="stack" style={{ maxInlineSize: '52rem' }} onSubmit={(event) => { event.preventDefault(); onSave(draft); }}>
      <h2>{t('support:promises')}</h2>
      <div className="row wrap" style={{ alignItems: 'flex-end' }}>{days('returnDays', 0, 365)}{days('shipWithinDays', 0, 60)}{days('arriveWithinDays', 1, 120)}{days('keepDays', 30, 3_650)}</div>
      <div className="row wrap" style={{ alignItems: 'flex-end' }}>
        <Select label={t('support:policy.returnPostage')} w="12rem" allowDeselect={false} data={(['buyer', 'seller'] as const).map((one) => ({ value: one, label: t(`support:postage.${one}`) }))} value={draft.returnPostage} onChange={(next) => set({ returnPostage: next === 'seller' ? 'seller' : 'buyer' })} />
        <MoneyInput label={t('support:policy.refundLimit')} value={draft.refundLimit} currency={draft.refundLimit.currency} onChange={(next, valid) => { if (valid && next) set({ refundLimit: next }); }} />
        <Select label={t('support:policy.takeMailFrom')} w="16rem" allowDeselect={false} data={(['customers', 'everyone'] as const).map((one) => ({ value: one, label: t(`support:mail.${one}`) }))} value={draft.takeMailFrom} onChange={(next) => set({ takeMailFrom: next === 'everyone' ? 'everyone' : 'customers' })} />
      </div>
      <Switch label={t('support:policy.damagedRefund')} checked={draft.damagedRefund} onChange={(event) => set({ damagedRefund: event.currentTarget.checked })} />
      <Button type="submit" size="sm" loading={busy} style={{ alignSelf: 'flex-start' }}>{t('support:save')}</Button>
    </form>
  );
}

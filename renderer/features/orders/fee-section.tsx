import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import type { orderDetail } from '#contract/selling.ts';
import { money, subtract, type Money as Amount } from '#kernel/money.ts';
import { Money } from '../../ui/money.tsx';

const sumOf = (amounts: readonly Amount[], currency: string) => money(amounts.reduce((sum, { minor }) => sum + minor, 0), currency);

function FeeRow({ name, expected, charged, strong = false }: { readonly name: string; readonly expected: Amount; readonly charged: Amount | null; readonly strong?: boolean }) {
  const none = <span className="muted">–</span>;
  return (
    <tr><td>{strong ? <strong>{name}</strong> : name}</td><td data-align="end" className="muted"><Money value={expected} estimated /></td><td data-align="end">{charged ? <Money value={charged} strong={strong} /> : none}</td><td data-align="end">{charged ? <Money value={subtract(expected, charged)} result /> : none}</td></tr>
  );
}

/** The channel's fees as its fee card has them beside what it charged. */
export function FeeSection({ order }: { readonly order: z.infer<typeof orderDetail> }) {
  const { t } = useTranslation();
  const check = order.feeCheck;
  if (!check || check.rows.length === 0) return null;
  const expected = sumOf(check.rows.map((row) => row.expected), order.total.currency);
  const charged = check.charged ? sumOf(check.rows.map((row) => row.charged ?? money(0, order.total.currency)), order.total.currency) : null;
  return (
    <section className="section stack">
      <h2>{t('orders:fees.title')}</h2>
      <table className="plain-table">
        <thead><tr><th scope="col">{t('orders:fees.what')}</th><th scope="col" data-align="end">{t('orders:fees.expected')}</th><th scope="col" data-align="end">{t('orders:fees.charged')}</th><th scope="col" data-align="end">{t('orders:line.difference')}</th></tr></thead>
        <tbody>{check.rows.map((row) => <FeeRow key={row.kind} name={t(`orders:fees.kind.${row.kind}`)} expected={row.expected} charged={row.charged} />)}{check.rows.length > 1 ? <FeeRow name={t('orders:fees.sum')} expected={expected} charged={charged} strong /> : null}</tbody>
      </table>
      <p className="small muted">{t(check.charged ? 'orders:fees.note' : check.accrued ? 'orders:fees.note-accrued' : 'orders:fees.note-waiting', { card: check.cardId })}</p>
    </section>
  );
}

import { Fragment } from 'react';
import { useTranslation } from 'react-i18next';
import type { MoneyField, ReadingProgress, ReceiptReading, TextField } from '#contract/receipt-reading.ts';
import { useFormat } from '../../ui/format.ts';
import { Money } from '../../ui/money.tsx';
import { useWordReason } from '../../ui/reason.tsx';
import './receipt.css';

/** Under a field: the words of the receipt that it was read from, in amber with the reason where it has to be looked at. */
export function ReadFrom({ field, corrected }: { readonly field: TextField | MoneyField | null; readonly corrected: boolean }) {
  const { t } = useTranslation();
  const word = useWordReason();
  if (!field) return null;
  const doubtful = field.doubtful && !corrected;
  return (
    <p className="small receipt-hint" data-doubtful={doubtful || undefined}>
      {doubtful ? <>{field.why.map((reason) => word(reason)).join(' ') || t('purchases:scan.look')} </> : corrected ? <>{t('purchases:scan.corrected')} </> : null}
      <q dir="auto">{field.snippet.trim().replace(/\s+/g, ' ')}</q>
    </p>
  );
}

const PARTS = ['subtotal', 'shipping', 'tax', 'fees', 'discount', 'total'] as const;

function Sums({ reading }: { readonly reading: ReceiptReading }) {
  const { t } = useTranslation();
  const format = useFormat();
  const broken = reading.checks.filter(({ holds }) => !holds);
  const parts = PARTS.flatMap((name) => (reading[name] ? [[name, reading[name]] as const] : []));
  if (parts.length === 0) return <p className="small attention">{t('purchases:scan.no-amounts')}</p>;
  return (
    <>
      <p className="small muted">{parts.map(([name, part], at) => <Fragment key={name}>{at > 0 ? ' · ' : ''}{t(name === 'tax' && reading.taxIncluded ? 'purchases:scan.part.tax-included' : `purchases:scan.part.${name}`)} <Money value={part.value} /></Fragment>)}</p>
      {broken.map((check) => <p key={check.code} className="small attention" role="status">{t(`purchases:scan.check.${check.code}`, { expected: format.money(check.expected), found: format.money(check.found) })}</p>)}
      {reading.checks.length > 0 && broken.length === 0 ? <p className="small profit">{t('purchases:scan.adds-up')}</p> : null}
    </>
  );
}

function Goods({ reading, item }: { readonly reading: ReceiptReading; readonly item: number | null }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (reading.items.length === 0) return null;
  return (
    <table className="plain-table receipt-goods">
      <thead><tr><th scope="col">{t('purchases:scan.goods')}</th><th scope="col" data-align="end">{t('purchases:scan.count')}</th><th scope="col" data-align="end">{t('purchases:scan.amount')}</th></tr></thead>
      <tbody>
        {reading.items.map((one, at) => (
          <tr key={`${one.line}:${one.title}`} aria-current={at === item || undefined}>
            <td data-doubtful={one.doubtful || undefined}><bdi>{at === item ? <strong>{one.title}</strong> : one.title}</bdi>{one.code ? <span className="small muted"> · {one.code}</span> : null}</td>
            <td data-align="end">{format.number(one.quantity)}</td><td data-align="end"><Money value={one.total} /></td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** All that was read, beside what it was read from: nothing is hidden, and nothing is recorded by it. */
export function ReceiptProposals({ progress, currency }: { readonly progress: ReadingProgress; readonly currency: string }) {
  const { t } = useTranslation();
  const { reading } = progress;
  if (!reading) return null;
  const other = reading.currency && reading.currency.value !== currency ? reading.currency.value : null;
  return (
    <section className="stack" aria-label={t('purchases:scan.read')}>
      <p className="small muted">{t(`purchases:scan.origin.${reading.origin}`)}{reading.seller ? <> · {t('purchases:scan.seller')} <bdi className={reading.seller.doubtful ? 'attention' : undefined}>{reading.seller.value}</bdi></> : null}</p>
      {other ? <p className="small attention" role="alert">{t('purchases:scan.other-currency', { other, currency })}</p> : null}
      <Sums reading={reading} />
      <Goods reading={reading} item={progress.item} />
      {reading.items.length > 1 ? <p className="small attention">{t('purchases:scan.several-goods', { count: reading.items.length })}</p> : null}
      <details className="fold">
        <summary>{t('purchases:scan.text', { count: reading.unread.length })}</summary>
        <div className="receipt-text" dir="auto" tabIndex={0} role="region" aria-label={t('purchases:scan.words')}>{reading.lines.map((line, at) => <div key={`${at}:${line}`} data-unread={reading.unread.includes(at) || undefined}>{line}</div>)}</div>
      </details>
    </section>
  );
}

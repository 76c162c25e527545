import { useTranslation } from 'react-i18next';
import type { Money as Amount } from '#kernel/money.ts';
import { useFormat } from './format.ts';
import './histogram.css';

/** Shares that the seven quantiles (5, 10, 25, 50, 75, 90, 95 %) enclose; the outer 5 % on each side are not drawn, their share is said. */
const SHARES = [5, 15, 25, 25, 15, 5] as const;
const BINS = 24;

/** Density over equal bins from the quantiles: within two quantiles it is taken as even. */
export function densityOf(quantiles: readonly number[], bins = BINS): { readonly from: number; readonly to: number; readonly share: number }[] {
  const low = quantiles[0];
  const high = quantiles.at(-1);
  if (low === undefined || high === undefined || quantiles.length !== SHARES.length + 1 || high <= low) return [];
  const width = (high - low) / bins;
  return Array.from({ length: bins }, (_, index) => {
    const from = low + index * width;
    const to = from + width;
    const share = SHARES.reduce((total, part, i) => {
      const a = quantiles[i]!;
      const b = quantiles[i + 1]!;
      if (b <= a) return total + (a >= from && a < to ? part : 0);
      return total + (part * Math.max(0, Math.min(b, to) - Math.max(a, from))) / (b - a);
    }, 0);
    return { from, to, share };
  });
}

/** The distribution of one unit's profit as a small histogram: what loses is left of the zero line and coloured so. */
export function Histogram({ quantiles, currency, mean }: { readonly quantiles: readonly number[]; readonly currency: string; readonly mean: Amount }) {
  const { t } = useTranslation();
  const format = useFormat();
  const bins = densityOf(quantiles);
  const low = quantiles[0];
  const high = quantiles.at(-1);
  if (bins.length === 0 || low === undefined || high === undefined) return <p className="muted small">{t('common:histogram.none')}</p>;
  const top = Math.max(...bins.map((bin) => bin.share));
  const at = (minor: number) => `${((minor - low) / (high - low)) * 100}%`;
  const amount = (minor: number) => format.money({ minor: Math.round(minor), currency });
  const label = t('common:histogram.label', { low: amount(low), high: amount(high), median: amount(quantiles[3]!) });
  return (
    <figure className="histogram" dir="ltr">
      <div className="histogram-bars" role="img" aria-label={label}>
        {bins.map((bin) => <i key={bin.from} data-loss={bin.to <= 0} style={{ blockSize: `${Math.max(1, (bin.share / top) * 100)}%` }} />)}
        {low < 0 && high > 0 ? <span className="histogram-zero" style={{ left: at(0) }} /> : null}
        <span className="histogram-mean" style={{ left: at(Math.max(low, Math.min(high, mean.minor))) }} />
      </div>
      <figcaption className="small muted"><span className="num">{amount(low)}</span><span className="num">{t('common:histogram.mean', { mean: format.money(mean) })}</span><span className="num">{amount(high)}</span></figcaption>
    </figure>
  );
}

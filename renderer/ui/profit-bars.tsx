import { useTranslation } from 'react-i18next';
import type { Money as Amount } from '#kernel/money.ts';
import { useFormat } from './format.ts';
import './profit-bars.css';

/** Booked profit a day: gains rise from the zero line, losses hang from it. */
export function ProfitBars({ days }: { readonly days: readonly { readonly day: string; readonly profit: Amount }[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const values = days.map((d) => d.profit.minor);
  const high = Math.max(0, ...values);
  const low = Math.min(0, ...values);
  const span = Math.max(1, high - low);
  const total = values.reduce((a, b) => a + b, 0);
  const currency = days[0]?.profit.currency ?? 'USD';
  const dayLabel = (day: string) => format.date(Date.parse(`${day}T12:00:00Z`));
  return (
    <figure className="profit-bars">
      {high === 0 && low === 0 ? <p className="small muted">{t('common:profit-none')}</p> : null}
      <div className="profit-bars-plot" role="img" aria-label={t('common:profit-bars', { total: format.money({ minor: total, currency }), days: days.length })} dir="ltr">
        {days.map(({ day, profit }) => (
          <span key={day} title={`${dayLabel(day)}: ${format.money(profit, { sign: true })}`}>
            <i data-loss={profit.minor < 0} style={profit.minor === 0 ? { bottom: `${(-low / span) * 100}%`, height: '1px' } : profit.minor > 0
              ? { bottom: `${(-low / span) * 100}%`, height: `${(profit.minor / span) * 100}%` } : { top: `${(high / span) * 100}%`, height: `${(-profit.minor / span) * 100}%` }} />
          </span>
        ))}
        <b style={{ bottom: `${(-low / span) * 100}%` }} />
      </div>
      {days.length > 1 ? <figcaption className="small muted"><span>{dayLabel(days[0]!.day)}</span><span>{dayLabel(days.at(-1)!.day)}</span></figcaption> : null}
    </figure>
  );
}

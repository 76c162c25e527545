import { useTranslation } from 'react-i18next';
import type { ReactNode } from 'react';
import type { z } from 'zod';
import type { aiStatus } from '#contract/assistant.ts';
import { useFormat } from '../../ui/format.ts';
import { StatusBadge, type StatusTone } from '../../ui/status-badge.tsx';
import { useMicro } from '../../ui/micro.ts';
import { Money } from '../../ui/money.tsx';
import { useHomeValue } from '../../ui/use-home-value.ts';

type Status = z.infer<typeof aiStatus>;
const TONES: Readonly<Record<Status['state'], StatusTone>> = { ready: 'done', off: 'idle', 'no-account': 'attention', 'no-price': 'attention', 'over-budget': 'attention', 'kill-switch': 'attention' };

function Figure({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return <div className="ai-figure"><span className="small muted">{name}</span><span className="ai-figure-value num">{children}</span></div>;
}

/** What was spent today of what may be, and where the last month's questions went. */
export function Spend({ status }: { readonly status: Status }) {
  const { t } = useTranslation();
  const format = useFormat();
  const micro = useMicro();
  const { today } = status;
  // models are priced by their vendors; beside it what the day may cost in the currency of the books
  const atHome = useHomeValue()(today.budget);
  const budgetMicro = today.budget.minor * 1_000_000;
  const share = budgetMicro === 0 ? 100 : Math.min(100, Math.round((today.spentMicro / budgetMicro) * 100));
  const [asked, cached] = [status.days.reduce((n, day) => n + day.asked, 0), status.days.reduce((n, day) => n + day.cached, 0)];
  return (
    <section className="card ai-card">
      <header className="row wrap" style={{ justifyContent: 'space-between' }}><h2>{t('assistant:spend')}</h2><StatusBadge tone={TONES[status.state]} label={t(`assistant:state.${status.state}`)} /></header>
      <p className="small muted">{t(`assistant:state-text.${status.state}`, { model: status.model ?? '', provider: t(`assistant:provider.${status.provider}`) })}</p>
      <div className="ai-meter" role="meter" aria-label={t('assistant:spent-today')} aria-valuemin={0} aria-valuemax={100} aria-valuenow={share}><span style={{ inlineSize: `${share}%` }} /></div>
      <div className="ai-figures">
        <Figure name={t('assistant:spent-today')}>{t('assistant:of', { part: micro(today.spentMicro, status.currency), whole: micro(budgetMicro, status.currency) })}{atHome ? <span className="small muted"> (<Money value={atHome} estimated />)</span> : null}</Figure>
        <Figure name={t('assistant:asked-today')}>{format.number(today.asked)}</Figure>
        <Figure name={t('assistant:cached-today')}>{format.number(today.cached)}</Figure>
        <Figure name={t('assistant:unanswered-today')}>{format.number(today.unanswered)}</Figure>
        <Figure name={t('assistant:hits-month')}>{asked + cached === 0 ? '–' : format.percent(Math.round((cached * 10_000) / (asked + cached)), 0)}</Figure>
        <Figure name={t('assistant:spent-month')}>{micro(status.days.reduce((sum, day) => sum + day.spentMicro, 0), status.currency)}</Figure>
      </div>
      {status.purposes.length > 0 ? (
        <table className="plain-table">
          <thead><tr><th>{t('assistant:column.purpose')}</th><th data-align="end">{t('assistant:column.asked')}</th><th data-align="end">{t('assistant:column.cached')}</th><th data-align="end">{t('assistant:column.cost')}</th></tr></thead>
          <tbody>{status.purposes.map((one) => <tr key={one.purpose}><td>{t(`assistant:purpose.${one.purpose}`)}</td><td data-align="end">{format.number(one.asked)}</td><td data-align="end">{format.number(one.cached)}</td><td data-align="end">{micro(one.spentMicro, status.currency)}</td></tr>)}</tbody>
        </table>
      ) : null}
    </section>
  );
}

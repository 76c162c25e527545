import { Autocomplete, NumberInput } from '@mantine/core';
import { useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { StockCountDetail } from '#contract/stock-counts.ts';
import { useFormat } from '../../ui/format.ts';
import { Money } from '../../ui/money.tsx';
import './counts.css';

export type SheetLine = StockCountDetail['sheet'][number];
export interface Said { readonly lotId: string; readonly counted: number | null; readonly reason: string | null }

const REASONS = ['damaged', 'lost', 'found', 'miscounted', 'own-use', 'stolen'] as const;

/** Enter goes on to the next number. */
function next(event: KeyboardEvent<HTMLInputElement>): void {
  if (event.key !== 'Enter') return;
  event.preventDefault();
  const fields = [...document.querySelectorAll<HTMLInputElement>('.count-sheet input[data-counted]')];
  fields[fields.indexOf(event.currentTarget) + 1]?.focus();
  event.currentTarget.blur();
}

function Line({ line, open, onSay }: { readonly line: SheetLine; readonly open: boolean; readonly onSay: (said: Said) => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [counted, setCounted] = useState<number | ''>(line.counted ?? '');
  const [reason, setReason] = useState(line.reason ?? '');
  const difference = line.counted === null ? 0 : line.counted - line.expected;
  const say = (part: Partial<Said>) => {
    const said = { lotId: line.lotId, counted: counted === '' ? null : counted, reason: reason.trim() || null, ...part };
    if (said.counted !== line.counted || said.reason !== line.reason) onSay(said);
  };
  return (
    <tr data-differs={difference !== 0}>
      <td><span className="count-title" dir="auto" title={line.title}>{line.title}</span><div className="small muted"><span className="num">{line.sku}</span> · {line.location} · {t(`stock:hand.condition.${line.condition}`, { defaultValue: line.condition })}</div></td>
      <td data-align="end" className="num">{format.number(line.expected)}</td>
      <td data-align="end">
        {open ? <NumberInput w="5.5rem" data-counted aria-label={t('counts:counted-of', { title: line.title })} min={0} max={1_000_000} allowDecimal={false} value={counted} onChange={(value) => setCounted(value === '' ? '' : Math.max(0, Number(value) || 0))} onBlur={() => say({})} onKeyDown={next} /> : <span className="num">{line.counted === null ? '–' : format.number(line.counted)}</span>}
      </td>
      <td data-align="end" className="num">{line.counted === null ? '–' : difference === 0 ? t('counts:same') : <>{difference > 0 ? '+' : '−'}{format.number(Math.abs(difference))}<div className="small"><Money value={line.value} result /></div></>}</td>
      <td>
        {open && difference !== 0 ? <Autocomplete miw="9rem" aria-label={t('counts:reason-of', { title: line.title })} placeholder={t('counts:reason')} maxLength={300} value={reason} error={reason.trim().length < 3} data={REASONS.map((key) => t(`counts:reason.${key}`))} onChange={setReason} onOptionSubmit={(value) => say({ reason: value })} onBlur={() => say({})} /> : <span className="small">{line.reason}</span>}
      </td>
    </tr>
  );
}

/** Expected beside counted, line by line. What is typed is kept when the field is left. */
export function CountSheet({ count, onSay }: { readonly count: StockCountDetail; readonly onSay: (said: Said) => void }) {
  const { t } = useTranslation();
  return (
    <div className="count-scroll" tabIndex={0} role="region" aria-label={t('counts:sheet')}>
      <table className="plain-table count-sheet">
        <thead><tr><th scope="col">{t('stock:column.title')}</th><th scope="col" data-align="end">{t('counts:expected')}</th><th scope="col" data-align="end">{t('counts:counted')}</th><th scope="col" data-align="end">{t('counts:difference')}</th><th scope="col">{t('counts:reason')}</th></tr></thead>
        <tbody>{count.sheet.map((line) => <Line key={line.lotId} line={line} open={count.state === 'open'} onSay={onSay} />)}</tbody>
      </table>
    </div>
  );
}

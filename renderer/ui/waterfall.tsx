import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import type { Money as Amount } from '#kernel/money.ts';
import { useFormat } from './format.ts';
import { Money } from './money.tsx';
import './waterfall.css';

export interface WaterfallLine {
  readonly code: string;
  readonly amount: Amount;
  readonly source: string;
  readonly asOf: string | null;
  readonly confidence: 'high' | 'medium' | 'low';
  readonly detail: Readonly<Record<string, unknown>>;
}

/** A line's name in words; a code without one is shown as it is. */
export function useLineName(): (code: string) => string {
  const { t } = useTranslation();
  return (code) => t(`lines:${code}`, { defaultValue: '' }) || t(`lines:${code.replace(/^(fees|costs)\./, '')}`, { defaultValue: code });
}

/** A site that the desk has a name of its own for. */
interface Site { readonly host: string | undefined; readonly name: string }

/** Where a figure is from: a page's address becomes its site, the engine's own words become the desk's. */
function wordSource(source: string, t: TFunction, site: Site | undefined): string {
  const host = /^https?:\/\//.test(source) ? URL.parse(source)?.host : undefined;
  if (host) return t('common:figure-source.page-of', { site: host === site?.host ? site.name : host });
  return t(`common:figure-source.${source}`, { defaultValue: source });
}

function Provenance({ line, site }: { readonly line: WaterfallLine; readonly site: Site | undefined }) {
  const { t } = useTranslation();
  const format = useFormat();
  const rate = typeof line.detail['rateBp'] === 'number' ? format.percent(line.detail['rateBp'], 2) : null;
  return (
    <span className="wf-source small muted" title={line.source}>
      {[rate, wordSource(line.source, t, site), line.asOf && format.day(line.asOf)].filter(Boolean).join(' · ')}
      {line.confidence === 'high' ? null : <span className={line.confidence === 'low' ? 'attention' : undefined}> · {t(`common:confidence.${line.confidence}`)}</span>}
    </span>
  );
}

interface WaterfallProps {
  readonly lines: readonly WaterfallLine[];
  readonly total: { readonly label: string; readonly amount: Amount };
  readonly label: string;
  /** The site that the thing is offered on. */
  readonly site?: Site;
  /** Costs that only add up: no sign, no colour. */
  readonly plain?: boolean;
}

/** From the first amount down to the total, line by line, each with its source, day and confidence. Bars share one scale. */
export function Waterfall({ lines, total, label, site, plain = false }: WaterfallProps) {
  const name = useLineName();
  let running = 0;
  const steps = lines.map((line) => {
    const from = running;
    running += line.amount.minor;
    return { line, from, to: running };
  });
  const marks = [0, ...steps.flatMap((s) => [s.from, s.to])];
  const min = Math.min(...marks);
  const span = Math.max(1, Math.max(...marks) - min);
  const bar = (from: number, to: number) => ({ left: `${((Math.min(from, to) - min) / span) * 100}%`, width: `${(Math.abs(to - from) / span) * 100}%` });
  return (
    <table className="waterfall" aria-label={label}>
      <tbody>
        {steps.map(({ line, from, to }, index) => (
          <tr key={`${line.code}-${index}`}>
            <th scope="row"><span>{name(line.code)}</span><Provenance line={line} site={site} /></th>
            <td className="wf-bar" aria-hidden="true"><i data-kind={index === 0 && !plain ? 'start' : plain ? 'cost' : line.amount.minor < 0 ? 'minus' : 'plus'} style={bar(from, to)} /></td>
            <td className="wf-amount"><Money value={line.amount} /></td>
          </tr>
        ))}
        <tr className="wf-total">
          <th scope="row">{total.label}</th>
          <td className="wf-bar" aria-hidden="true"><i data-kind={plain ? 'cost' : total.amount.minor < 0 ? 'loss' : 'profit'} style={bar(0, total.amount.minor)} /></td>
          <td className="wf-amount"><Money value={total.amount} result={!plain} estimated strong /></td>
        </tr>
      </tbody>
    </table>
  );
}

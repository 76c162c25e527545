import { ActionIcon, SegmentedControl, Tooltip, useComputedColorScheme } from '@mantine/core';
import { IconZoomReset } from '@tabler/icons-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { alignSeries, rangeOf, valueAt, type ChartRange, type ChartSeries, type ChartTrade } from './chart-data.ts';
import { drawTrades } from './chart-marks.ts';
import { bindPointer, chartKey, type Span } from './chart-moves.ts';
import { chartOptions, lookOf, seriesName, shownAtFirst, wordValue } from './chart-options.ts';
import { useFormat, type Formatter } from './format.ts';
import { usePreference } from './preferences.ts';
import './price-chart.css';

const RANGES: readonly ChartRange[] = ['30', '90', '365', 'all'];
const NOTHING: Readonly<Record<string, boolean>> = {};

export interface PriceChartProps {
  readonly series: readonly ChartSeries[];
  /** Own purchases and sales, marked at their price. */
  readonly trades?: readonly ChartTrade[];
  /** In rem. */
  readonly height?: number;
  /** Charts of one name share cursor, range and zoom: several products over the same time. */
  readonly group?: { readonly name: string; readonly span: Span | null; readonly onSpan: (span: Span | null) => void; readonly range: ChartRange; readonly whole: Span | null };
  readonly label: string;
}

interface Labels { readonly name: (key: string) => string; readonly format: Formatter }

/** The chart in words, for those who do not see it: each series' latest, lowest and highest value. */
function Summary({ series, labels }: { readonly series: readonly ChartSeries[]; readonly labels: Labels }) {
  const { t } = useTranslation();
  return (
    <table className="visually-hidden">
      <caption>{t('common:chart.table')}</caption>
      <thead><tr><th scope="col">{t('common:chart.series')}</th><th scope="col">{t('common:chart.latest')}</th><th scope="col">{t('common:chart.lowest')}</th><th scope="col">{t('common:chart.highest')}</th></tr></thead>
      <tbody>
        {series.map((s) => {
          const known = s.value.filter((v): v is number => v !== null);
          const word = (v: number | null | undefined) => wordValue(s, v, labels.format);
          return <tr key={s.key}><th scope="row">{labels.name(s.key)}</th><td>{word(s.value.at(-1))}</td><td>{word(known.length ? known.reduce((a, b) => Math.min(a, b)) : null)}</td><td>{word(known.length ? known.reduce((a, b) => Math.max(a, b)) : null)}</td></tr>;
        })}
      </tbody>
    </table>
  );
}

/** Which series are shown: what the person chose of a name holds in every chart. */
export function useShownSeries(): { readonly shown: (key: string) => boolean; readonly toggle: (key: string) => void } {
  const [chosen, setChosen] = usePreference('chart:series', NOTHING);
  const shown = (key: string) => chosen[seriesName(key)] ?? shownAtFirst(key);
  return { shown, toggle: (key) => setChosen((old) => ({ ...old, [seriesName(key)]: !(old[seriesName(key)] ?? shownAtFirst(key)) })) };
}

interface LegendProps { readonly series: readonly ChartSeries[]; readonly at: number | null; readonly labels: Labels; readonly shown: (key: string) => boolean; readonly toggle: (key: string) => void }

/** Each series a switch, with its value under the cursor or its latest. */
function Legend({ series, at, labels, shown, toggle }: LegendProps) {
  const { t } = useTranslation();
  return (
    <div className="chart-legend">
      {series.map((s, index) => (
        <button key={s.key} type="button" className="chart-key" aria-pressed={shown(s.key)} onClick={() => toggle(s.key)}>
          <span className="chart-swatch" style={{ borderColor: `var(${lookOf(s.key, index).color})` }} data-dash={lookOf(s.key, index).dash !== undefined} aria-hidden="true" />
          {labels.name(s.key)}<span className="num chart-value">{wordValue(s, at === null ? s.value.at(-1) : valueAt(s, at * 1_000), labels.format)}</span>
        </button>
      ))}
      <span className="small muted num">{at === null ? t('common:chart.latest') : labels.format.date(at * 1_000)}</span>
    </div>
  );
}

interface PlotGiven extends PriceChartProps { readonly data: ReturnType<typeof alignSeries>; readonly labels: Labels; readonly shown: (key: string) => boolean; readonly home: Span | null; readonly whole: Span | null; readonly onCursor: (at: number | null) => void }

/** The canvas and how it is moved: made anew with its data, told of spans and switches. */
function usePlot({ series, trades, height = 13, group, data, labels, shown, home, whole, onCursor }: PlotGiven) {
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const scheme = useComputedColorScheme();
  const now = useRef({ home, whole, shown, onCursor, group });
  now.current = { home, whole, shown, onCursor, group };
  const show = (span: Span | null) => { if (span) plot.current?.setScale('x', { ...span }); };
  useEffect(() => {
    const node = host.current;
    if (!node || data.x.length === 0) return;
    let ready = false;
    const made = new uPlot(chartOptions({
      series, width: node.clientWidth, height, format: labels.format, shown: (key) => now.current.shown(key), sync: group?.name,
      hooks: {
        setCursor: [(u) => { const { idx } = u.cursor; now.current.onCursor(idx === null || idx === undefined ? null : (u.data[0][idx] ?? null)); }],
        setScale: [(u, key) => { const { min, max } = u.scales['x']!; if (ready && key === 'x' && min !== undefined && max !== undefined && min !== null && max !== null) now.current.group?.onSpan({ min, max }); }],
        draw: [(u) => drawTrades(u, trades ?? [])],
      },
    }), [data.x, ...data.ys] as uPlot.AlignedData, node);
    plot.current = made;
    const span = now.current.group?.span ?? now.current.home;
    if (span) made.setScale('x', { ...span });
    ready = true;
    const loosen = bindPointer(made, () => now.current.whole ?? { min: 0, max: 1 }, (next) => made.setScale('x', { ...next }));
    const reset = () => { if (now.current.home) made.setScale('x', { ...now.current.home }); };
    made.over.addEventListener('dblclick', reset);
    const observer = new ResizeObserver(() => { if (node.clientWidth > 0 && node.clientWidth !== made.width) made.setSize({ width: node.clientWidth, height: made.height }); });
    observer.observe(node);
    return () => { loosen(); observer.disconnect(); made.destroy(); plot.current = null; };
  }, [series, data, labels, scheme, trades, height, group?.name]);
  return { host, plot, show };
}

/** Price, Buy Box, offers and rank on one time axis. Gaps stay gaps; hover reads every series; drag and wheel zoom, Shift and drag moves, a double click shows the range again. */
export function PriceChart(props: PriceChartProps) {
  const { series, group, label } = props;
  const { t } = useTranslation();
  const format = useFormat();
  const [ownRange, setRange] = usePreference<ChartRange>('chart:range', '90');
  const range = group?.range ?? ownRange;
  const { shown, toggle } = useShownSeries();
  const [at, setAt] = useState<number | null>(null);
  const data = useMemo(() => alignSeries(series), [series]);
  const labels = useMemo<Labels>(() => ({ name: (key) => t(`common:series.${seriesName(key)}`, { defaultValue: key }), format }), [t, format]);
  const whole = useMemo(() => group?.whole ?? rangeOf(data.x, 'all'), [group?.whole, data]);
  const home = useMemo(() => (whole ? rangeOf([whole.min, whole.max], range) : null), [whole, range]);
  const { host, plot, show } = usePlot({ ...props, data, labels, shown, home, whole, onCursor: setAt });
  const visible = series.map((s) => shown(s.key));
  const key = visible.join();

  useEffect(() => { show(home); }, [home]); // eslint-disable-line react-hooks/exhaustive-deps
  useEffect(() => { const u = plot.current; const span = group?.span; if (u && span && (u.scales['x']!.min !== span.min || u.scales['x']!.max !== span.max)) show(span); }, [group?.span]); // eslint-disable-line react-hooks/exhaustive-deps
  useEffect(() => { const u = plot.current; if (u) key.split(',').forEach((on, index) => { if (u.series[index + 1] && u.series[index + 1]!.show !== (on === 'true')) u.setSeries(index + 1, { show: on === 'true' }); }); }, [key, plot]);

  if (data.x.length === 0) return <p className="muted small">{t('common:chart.empty')}</p>;
  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !plot.current || !whole) return;
    if (chartKey(plot.current, event, { whole, show, reset: () => show(home) })) { event.preventDefault(); event.stopPropagation(); }
  };
  return (
    <div className="price-chart">
      {group ? null : (
        <div className="row chart-tools">
          <span className="small muted truncate" title={t('common:chart.hint')}>{t('common:chart.hint')}</span>
          <span className="row" style={{ gap: '0.25rem', flex: 'none' }}>
            <Tooltip label={t('common:chart.reset')}><ActionIcon variant="default" size="md" aria-label={t('common:chart.reset')} onClick={() => show(home)}><IconZoomReset size="0.9375rem" /></ActionIcon></Tooltip>
            <SegmentedControl size="xs" value={range} onChange={(value) => { setRange(value as ChartRange); }} data={RANGES.map((value) => ({ value, label: t(`common:chart.range.${value}`) }))} aria-label={t('common:chart.range-label')} />
          </span>
        </div>
      )}
      <div ref={host} dir="ltr" className="price-chart-plot" tabIndex={0} role="application" aria-label={t('common:chart.keys', { chart: label })} onKeyDown={onKeyDown} />
      <Legend series={series} at={at} labels={labels} shown={shown} toggle={toggle} />
      <Summary series={series} labels={labels} />
    </div>
  );
}

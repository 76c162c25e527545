import { Button } from '@mantine/core';
import { IconPackage } from '@tabler/icons-react';
import { useMemo, useState, type ReactNode } from 'react';
import { Confirm } from '../../ui/confirm.tsx';
import { DataTable, type Column, type TablePages } from '../../ui/data-table.tsx';
import { FieldList } from '../../ui/field-list.tsx';
import { FilterChips } from '../../ui/filter-chips.tsx';
import { Histogram } from '../../ui/histogram.tsx';
import { KeyHint } from '../../ui/key-hint.tsx';
import { Money } from '../../ui/money.tsx';
import { MoneyInput } from '../../ui/money-input.tsx';
import { notify } from '../../ui/notify.tsx';
import { Page } from '../../ui/page.tsx';
import { PriceChart } from '../../ui/price-chart.tsx';
import { ProfitBars } from '../../ui/profit-bars.tsx';
import { RangeBar } from '../../ui/range-bar.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { DetailSkeleton, EmptyState, ErrorState, TableSkeleton } from '../../ui/states.tsx';
import { StatusBadge } from '../../ui/status-badge.tsx';
import { Timeline } from '../../ui/timeline.tsx';
import { Verdict } from '../../ui/verdict.tsx';
import { Waterfall, type WaterfallLine } from '../../ui/waterfall.tsx';

const AT = Date.UTC(2026, 10, 21);
const DAY = 86_400_000;
const usd = (minor: number) => ({ minor, currency: 'USD' });

function Show({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return <section className="card" style={{ padding: '1rem', display: 'flex', flexDirection: 'column', gap: '0.75rem' }}><h2>{title}</h2>{children}</section>;
}

interface Row { readonly id: string; readonly name: string; readonly amount: number }
const COLUMNS: readonly Column<Row>[] = [{ id: 'name', header: 'Name', size: 240, cell: (r) => <span>{r.name}</span> }, { id: 'amount', header: 'Amount', size: 120, align: 'end', cell: (r) => <Money value={usd(r.amount)} /> }];
const QUIET: TablePages = { isPending: false, error: null, hasNextPage: false, isFetchingNextPage: false, fetchNextPage: () => undefined, refetch: () => undefined };

function Table({ label, count, pages = QUIET }: { readonly label: string; readonly count: number; readonly pages?: TablePages }) {
  const [active, setActive] = useState<string | null>(null);
  const rows = useMemo(() => Array.from({ length: count }, (_, i): Row => ({ id: `${label}-${i}`, name: `Row ${i + 1}`, amount: i * 137 })), [count, label]);
  return <div style={{ display: 'flex', flexDirection: 'column', blockSize: '12rem', border: '1px solid var(--rd-line)' }}><DataTable id={`gallery-${label}`} label={label} columns={COLUMNS} rows={rows} rowId={(r) => r.id} pages={pages} activeId={active} onActive={setActive} onOpen={setActive} empty={<EmptyState title="Nothing here yet" action={<Button variant="default">Add a row</Button>}>What this list is for.</EmptyState>} /></div>;
}

const line = (code: string, amount: number, confidence: WaterfallLine['confidence'] = 'high'): WaterfallLine => ({ code, amount: usd(amount), source: 'fee card', asOf: '2026-11-21', confidence, detail: {} });
const LINES = [line('sale.price', 4_200, 'medium'), line('amazon.referral', -630), line('amazon.fba-fulfilment', -512), line('cost.landed', -1_860), line('estimate.returns', -140, 'low')];
const LOSS = [line('sale.price', 2_400), line('amazon.referral', -360), line('cost.landed', -2_860)];
const at = Array.from({ length: 200 }, (_, i) => AT - (200 - i) * DAY);
const SERIES = [
  { key: 'price', unit: 'minor' as const, currency: 'USD', at, value: at.map((_, i) => (i > 80 && i < 100 ? null : 3_000 + Math.round(600 * Math.sin(i / 15)))) },
  { key: 'offers', unit: 'count' as const, currency: null, at, value: at.map((_, i) => 5 + (i % 7)) },
];
const DAYS = Array.from({ length: 30 }, (_, i) => ({ day: new Date(AT - (29 - i) * DAY).toISOString().slice(0, 10), profit: usd(i % 7 === 3 ? -900 : (i * 211) % 3_100) }));

function Tables() {
  return (
    <>
      <Show title="Table: full"><Table label="full" count={5_000} /></Show>
      <Show title="Table: a little"><Table label="little" count={2} /></Show>
      <Show title="Table: empty"><Table label="empty" count={0} /></Show>
      <Show title="Table: loading"><Table label="loading" count={0} pages={{ ...QUIET, isPending: true }} /></Show>
      <Show title="Table: failing"><Table label="failing" count={0} pages={{ ...QUIET, error: new TypeError('fetch failed') }} /></Show>
    </>
  );
}

function Figures() {
  return (
    <>
      <Show title="Money"><FieldList fields={[['Booked', <Money key="v" value={usd(1_240)} />], ['Estimated', <Money key="v" value={usd(1_240)} estimated />], ['Profit', <Money key="v" value={usd(810)} result />], ['Loss', <Money key="v" value={usd(-810)} result />], ['No minor units', <Money key="v" value={{ minor: 1_250, currency: 'JPY' }} />], ['Three decimals', <Money key="v" value={{ minor: 12_500, currency: 'TND' }} />], ['None', <Money key="v" value={null} />]]} /></Show>
      <Show title="Range bar"><FieldList fields={[['Profit', <RangeBar key="v" low={200} expected={500} high={900} min={-500} max={1_000} label="2.00 to 9.00" />], ['May lose', <RangeBar key="v" low={-200} expected={300} high={900} min={-500} max={1_000} label="-2.00 to 9.00" />], ['Loss', <RangeBar key="v" low={-480} expected={-200} high={100} min={-500} max={1_000} label="-4.80 to 1.00" />]]} /></Show>
      <Show title="Verdict">{(['purchase', 'negotiate', 'skip'] as const).map((decision) => <Verdict key={decision} facts={{ decision, verdict: decision === 'purchase' ? 'profitable' : decision === 'skip' ? 'losing' : 'unsure', quantity: 6, unitCost: usd(1_240), salePrice: usd(19_900), profit: usd(decision === 'skip' ? -120 : 810), profitLow: usd(-400), profitHigh: usd(1_300), daysToSell: 12, lossChanceBp: 700, ceiling: usd(1_100) }} />)}</Show>
      <Show title="Waterfall: profit"><Waterfall lines={LINES} total={{ label: 'Profit', amount: usd(1_058) }} label="profit" /></Show>
      <Show title="Waterfall: loss"><Waterfall lines={LOSS} total={{ label: 'Loss', amount: usd(-820) }} label="loss" /></Show>
      <Show title="Price chart: full"><PriceChart series={SERIES} label="Price chart" /></Show>
      <Show title="Price chart: empty"><PriceChart series={[]} label="Price chart" /></Show>
      <Show title="Histogram"><Histogram quantiles={[-400, -100, 300, 700, 1_000, 1_300, 1_600]} currency="USD" mean={usd(680)} /><Histogram quantiles={[]} currency="USD" mean={usd(0)} /></Show>
      <Show title="Profit by day"><ProfitBars days={DAYS} /></Show>
    </>
  );
}

function Parts() {
  const [filter, setFilter] = useState<string | undefined>('a');
  const [asking, ask] = useState(false);
  return (
    <>
      <Show title="Status">{(['attention', 'running', 'done', 'ended', 'idle'] as const).map((tone) => <StatusBadge key={tone} tone={tone} label={tone} />)}</Show>
      <Show title="Filter chips"><FilterChips filters={[{ id: 'one', name: 'Source', phrase: filter ? `from ${filter}` : null, value: filter, onChange: setFilter, options: [{ value: 'a', label: 'Shop a', count: 12 }, { value: 'b', label: 'Shop b' }] }]} /></Show>
      <Show title="Fields"><MoneyInput label="Amount" value={usd(1_240)} currency="USD" onChange={() => undefined} /><MoneyInput label="Limit" optional value={null} currency="USD" onChange={() => undefined} /></Show>
      <Show title="Timeline"><Timeline events={[{ id: '1', title: 'Approved', at: AT - 3 * DAY }, { id: '2', title: 'Confirmed', detail: 'order 10420', at: AT - 2 * DAY, tone: 'done' }, { id: '3', title: 'Stopped', at: AT - DAY, tone: 'attention' }]} /></Show>
      <Show title="Time"><FieldList fields={[['Just now', <RelativeTime key="v" at={Date.now()} />], ['Long ago', <RelativeTime key="v" at={AT - 400 * DAY} />], ['Never', <RelativeTime key="v" at={null} />]]} /></Show>
      <Show title="Keys"><KeyHint keys="Ctrl+K" /></Show>
      <Show title="Notices"><div className="row"><Button variant="default" onClick={() => notify({ message: 'Skipped.', action: { label: 'Undo', run: () => undefined } })}>Show a notice</Button><Button variant="default" onClick={() => ask(true)}>Ask</Button></div><Confirm opened={asking} onClose={() => ask(false)} onConfirm={() => ask(false)} title="Sure?" action="Do it">What happens then.</Confirm></Show>
      <Show title="Empty"><EmptyState icon={<IconPackage size="1.75rem" />} title="There is no stock yet" action={<Button>See the purchases</Button>}>What it is for.</EmptyState></Show>
      <Show title="Error"><ErrorState error={new Error('database disk image is malformed')} onRetry={() => undefined} /></Show>
      <Show title="Loading"><TableSkeleton rows={3} columns={4} /><DetailSkeleton /></Show>
    </>
  );
}

/** Every part in its loading, empty, error and full states; its words are for developers and not translated. */
export function GalleryPage() {
  return <Page title="Gallery" scroll><div style={{ display: 'grid', gridTemplateColumns: 'repeat(auto-fill, minmax(min(28rem, 100%), 1fr))', gap: '0.875rem', alignItems: 'start' }}><Figures /><Parts /><Tables /></div></Page>;
}

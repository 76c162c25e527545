import { Button, NumberInput, SegmentedControl, Skeleton } from '@mantine/core';
import { IconCheck, IconScale } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link, getRouteApi, useNavigate } from '@tanstack/react-router';
import type { TFunction } from 'i18next';
import { useMemo, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { CapitalPlanView, PlanLine } from '#contract/capital.ts';
import { money, toDecimal } from '#kernel/money.ts';
import { orpc } from '../../rpc/client.ts';
import { DataTable, type Column } from '../../ui/data-table.tsx';
import { useFormat, type Formatter } from '../../ui/format.ts';
import { MoneyInput } from '../../ui/money-input.tsx';
import { Money } from '../../ui/money.tsx';
import { Page } from '../../ui/page.tsx';
import { compact } from '../../ui/search-params.ts';
import { EmptyState, ErrorState } from '../../ui/states.tsx';
import { TableMenu } from '../../ui/table-menu.tsx';
import { ApprovePlan } from './approve-plan.tsx';
import { SHOWN, type Shown } from './search.ts';
import './plan.css';

const route = getRouteApi('/frame/plan');
const lineId = (line: PlanLine) => line.opportunityId;

function Figure({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return <div className="plan-figure"><span className="small muted">{name}</span><span className="plan-figure-value">{children}</span></div>;
}

/** Why not one more, in words with its figures. */
function whyNoMore(line: PlanLine, t: TFunction, format: Formatter): string {
  const days = line.next ? format.number(Math.round(line.next.days)) : '';
  return t(`plan:stop.${line.stoppedBy}`, { days, chance: line.next ? format.percent(line.next.chanceSoldBp, 0) : '', value: line.next ? format.money(line.next.value, { sign: true }) : '' });
}

function whyThis(line: PlanLine, t: TFunction, format: Formatter): string {
  if (!line.last) return '';
  return t('plan:last', { profit: format.money(line.last.expectedProfit, { sign: true }), chance: format.percent(line.last.chanceSoldBp, 0), days: format.number(Math.round(line.last.days)), locked: format.money(line.last.lockedMoney), risk: format.money(line.last.risk) });
}

function columnsOf(t: TFunction, format: Formatter, shown: Shown): Column<PlanLine>[] {
  const name = (id: string) => t(`plan:column.${id}`);
  const title: Column<PlanLine> = { id: 'title', header: name('title'), size: 250, cell: (l) => <span title={l.title}>{l.title}</span>, csv: (l) => l.title };
  const source: Column<PlanLine> = { id: 'source', header: name('source'), size: 120, cell: (l) => <span className="muted">{l.sourceName}</span>, csv: (l) => l.sourceName };
  const why: Column<PlanLine> = { id: 'why', header: name('why'), size: 330, cell: (l) => <span className="small" title={whyNoMore(l, t, format)}>{whyNoMore(l, t, format)}</span>, csv: (l) => l.stoppedBy };
  if (shown === 'out') return [title, source, { ...why, header: name('why-out'), size: 520 }];
  return [
    title, source,
    { id: 'quantity', header: name('quantity'), size: 56, align: 'end', cell: (l) => <span className="num">{format.number(l.quantity)}</span>, csv: (l) => String(l.quantity) },
    { id: 'cost', header: name('cost'), size: 90, align: 'end', cell: (l) => <Money value={l.cost} />, csv: (l) => toDecimal(l.cost) },
    { id: 'profit', header: name('profit'), size: 100, align: 'end', cell: (l) => <Money value={l.expectedProfit} result estimated />, csv: (l) => toDecimal(l.expectedProfit) },
    { id: 'last', header: name('last'), size: 190, cell: (l) => <span className="small muted" title={whyThis(l, t, format)}>{l.last ? t('plan:last-short', { profit: format.money(l.last.expectedProfit, { sign: true }), chance: format.percent(l.last.chanceSoldBp, 0), days: format.number(Math.round(l.last.days)) }) : ''}</span>, csv: (l) => whyThis(l, t, format) },
    why,
    { id: 'ahead', header: name('ahead'), size: 90, align: 'end', optional: true, cell: (l) => <span className="num">{format.number(l.ahead)}</span>, csv: (l) => String(l.ahead) },
  ];
}

function Means({ plan, cash, days, onChange }: { readonly plan: CapitalPlanView; readonly cash: number | undefined; readonly days: number | undefined; readonly onChange: (part: { cash?: number | undefined; days?: number | undefined }) => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { cash: means } = plan;
  return (
    <section className="card plan-card">
      <h2>{t('plan:means')}</h2>
      <div className="plan-inputs">
        <MoneyInput key={cash === undefined ? 'real' : 'asked'} label={t(cash === undefined ? 'plan:on-hand' : 'plan:on-hand-asked')} value={means.onHand} currency={plan.currency} onChange={(amount, valid) => { if (valid && amount && amount.minor >= 0) onChange({ cash: amount.minor }); }} />
        <NumberInput label={t('plan:horizon')} min={7} max={365} allowDecimal={false} suffix={t('plan:days-suffix')} value={days ?? plan.horizonDays} onChange={(value) => { const number = Number(value); if (number >= 7 && number <= 365) onChange({ days: number }); }} />
      </div>
      <p className="small muted">
        {t('plan:means-text', { committed: format.money(means.committed), reserve: format.money(means.reserve), available: format.money(means.available), bound: t(`plan:bound.${means.boundBy}`) })}{' '}
        {t(plan.earningPerDayCentiBp > 0 ? 'plan:earning' : 'plan:earning-none', { rate: format.number(plan.earningPerDayCentiBp / 10_000, 2) })}
      </p>
      {cash !== undefined || days !== undefined ? <div><Button size="compact-xs" variant="default" onClick={() => onChange({ cash: undefined, days: undefined })}>{t('plan:back-to-real')}</Button></div> : null}
    </section>
  );
}

function Result({ plan, onApprove, asIf }: { readonly plan: CapitalPlanView; readonly onApprove: () => void; readonly asIf: boolean }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <section className="card plan-card">
      <header className="row wrap" style={{ justifyContent: 'space-between' }}>
        <h2>{t('plan:result')}</h2>
        <Button size="xs" leftSection={<IconCheck size="1rem" />} disabled={plan.lines.length === 0 || asIf} onClick={onApprove}>{t('plan:approve', { count: plan.lines.length, total: format.money(plan.spent) })}</Button>
      </header>
      <div className="plan-figures">
        <Figure name={t('plan:spend')}><Money value={plan.spent} /></Figure>
        <Figure name={t('plan:expected')}><Money value={plan.expectedProfit} result estimated /></Figure>
        <Figure name={t('plan:risk')}><span className="num">± {format.money(plan.risk)}</span></Figure>
        <Figure name={t('plan:left')}><Money value={money(Math.max(0, plan.cash.available.minor - plan.spent.minor), plan.currency)} /></Figure>
      </div>
      <p className="small muted">{asIf ? t('plan:as-if') : t('plan:considered', { considered: format.number(plan.considered), open: format.number(plan.open) })}</p>
    </section>
  );
}

/** Where the money at hand goes: how many of which, why each last unit, why not one more. */
export function PlanPage() {
  const { t } = useTranslation();
  const format = useFormat();
  const navigate = useNavigate();
  const search: { cash?: number; days?: number; shown?: Shown } = route.useSearch();
  const shown = search.shown ?? 'in';
  const [active, setActive] = useState<string | null>(null);
  const [approving, setApproving] = useState<CapitalPlanView | null>(null);
  const change = (part: { cash?: number | undefined; days?: number | undefined; shown?: Shown | undefined }) => void navigate({ to: '/plan', search: compact({ ...search, ...part }) as never, replace: true });
  const query = useQuery(orpc.capital.plan.queryOptions({ input: compact({ cashMinor: search.cash, horizonDays: search.days }), placeholderData: keepPreviousData }));
  const columns = useMemo(() => columnsOf(t, format, shown), [t, format, shown]);
  const plan = query.data;
  const rows = plan ? (shown === 'in' ? plan.lines : plan.leftOut) : [];
  const pages = { isPending: query.isPending, error: plan ? null : query.error, hasNextPage: false, isFetchingNextPage: false, fetchNextPage: () => undefined, refetch: query.refetch };
  const open = (id: string) => void navigate({ to: '/opportunities', search: { open: id } as never });
  return (
    <Page title={t('frame:page.plan')} tools={<>{plan ? <SegmentedControl size="xs" value={shown} onChange={(value) => change({ shown: value === 'in' ? undefined : 'out' })} data={SHOWN.map((value) => ({ value, label: t(`plan:shown.${value}`, { count: value === 'in' ? plan.lines.length : plan.leftOut.length }) }))} aria-label={t('plan:shown-label')} /> : null}<span className="grow" /><TableMenu id={`plan-${shown}`} columns={columns} rows={rows} /></>}>
      {query.error && !plan ? <ErrorState error={query.error} onRetry={() => void query.refetch()} /> : (
        <>
          <div className="plan-top">
            {plan ? <Means plan={plan} cash={search.cash} days={search.days} onChange={change} /> : <Skeleton height="9rem" />}
            {plan ? <Result plan={plan} asIf={search.cash !== undefined} onApprove={() => setApproving(plan)} /> : <Skeleton height="9rem" />}
          </div>
          <div className="plan-lines">
            <DataTable id={`plan-${shown}`} label={t(`plan:table.${shown}`)} columns={columns} rows={rows} rowId={lineId} total={rows.length} pages={pages} activeId={active} onActive={setActive} onOpen={open}
              empty={<EmptyState icon={<IconScale size="1.75rem" stroke={1.5} />} title={t(`plan:empty.${shown}.title`)} action={<Button component={Link} to="/opportunities">{t('plan:empty.action')}</Button>}>{t(`plan:empty.${shown}.text`)}</EmptyState>} />
          </div>
        </>
      )}
      {approving ? <ApprovePlan plan={approving} onClose={() => setApproving(null)} /> : null}
    </Page>
  );
}

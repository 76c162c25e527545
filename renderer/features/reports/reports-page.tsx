import { Button, Menu, SegmentedControl, Select, TextInput } from '@mantine/core';
import { IconChevronDown, IconDownload } from '@tabler/icons-react';
import { getRouteApi } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useEngineNow } from '../../ui/engine-clock.ts';
import { useFormat } from '../../ui/format.ts';
import { Page } from '../../ui/page.tsx';
import { usePreference } from '../../ui/preferences.ts';
import { useListAddress } from '../../ui/use-address.ts';
import { EarnedView } from './earned-view.tsx';
import { PERIODS, periodOf, type Days, type Period, type PeriodName } from './period.ts';
import { VIEWS, type ReportSearch, type Split } from './search.ts';
import { StockView } from './stock-view.tsx';
import { TaxView } from './tax-view.tsx';
import { useExport } from './use-export.ts';
import './reports.css';

const route = getRouteApi('/frame/reports');
interface Chosen { readonly period: PeriodName; readonly own: Days | null }
const FIRST: Chosen = { period: 'month', own: null };

function ExportMenu({ period, by }: { readonly period: Period; readonly by: Split }) {
  const { t } = useTranslation();
  const make = useExport();
  return (
    <Menu position="bottom-end" width={280}>
      <Menu.Target><Button variant="default" loading={make.isPending} leftSection={<IconDownload size="0.875rem" />} rightSection={<IconChevronDown size="0.75rem" />}>{t('reports:export')}</Button></Menu.Target>
      <Menu.Dropdown>{(['rows', 'lines', 'accounts'] as const).map((what) => (
        <div key={what}><Menu.Label>{t(`reports:export.${what}`, { by: t(`reports:by.${by}`) })}</Menu.Label>{(['xlsx', 'csv'] as const).map((format) => <Menu.Item key={format} onClick={() => make.mutate({ from: period.from, to: period.to, by, what, format })}>{t(`reports:export.as.${format}`)}</Menu.Item>)}</div>
      ))}</Menu.Dropdown>
    </Menu>
  );
}

/** A reseller's books over a time: what was earned and by what, what lies there, and what the tax return asks for. */
export function ReportsPage() {
  const { t } = useTranslation();
  const format = useFormat();
  const search: ReportSearch = route.useSearch();
  const address = useListAddress<ReportSearch>(search, '/reports');
  const [kept, keep] = usePreference<Chosen>('reports:period', FIRST);
  const now = useEngineNow(600_000);
  const name = search.period ?? kept.period;
  const own = search.from && search.to ? { from: search.from, to: search.to } : kept.own;
  const period = periodOf(name, now, own);
  const view = search.view ?? 'earned';
  const choose = (next: PeriodName, days: Days | null = { from: period.from, to: period.to }) => {
    const dates = next === 'own' ? days : null;
    keep({ period: next, own: dates ?? kept.own });
    address.change({ period: next, from: dates?.from, to: dates?.to, open: undefined });
  };
  const day = (part: Partial<Days>) => { const next = { from: period.from, to: period.to, ...part }; if (next.from && next.to && next.from <= next.to) choose('own', next); };
  const words = (days: Days) => t('reports:span', { from: format.day(days.from), to: format.day(days.to) });
  return (
    <Page title={t('frame:page.reports')} tools={<><SegmentedControl size="xs" value={view} onChange={(value) => address.change({ view: value === 'earned' ? undefined : value, open: undefined })} data={VIEWS.map((value) => ({ value, label: t(`reports:view.${value}`) }))} aria-label={t('reports:view')} /><span className="grow" /><ExportMenu period={period} by={search.by ?? 'channel'} /></>}>
      {view === 'stock' ? null : (
        <div className="report-bar">
          <Select w="10.5rem" aria-label={t('reports:period')} value={name} allowDeselect={false} data={PERIODS.map((value) => ({ value, label: t(`reports:period.${value}`) }))} onChange={(value) => { if (value) choose(value); }} />
          {name === 'own' ? <><TextInput type="date" aria-label={t('reports:from')} value={period.from} max={period.to} onChange={(event) => day({ from: event.currentTarget.value })} /><TextInput type="date" aria-label={t('reports:to')} value={period.to} min={period.from} onChange={(event) => day({ to: event.currentTarget.value })} /></> : null}
          <span className="small muted">{t('reports:beside', { now: words(period), before: words(period.before) })}</span>
        </div>
      )}
      {view === 'earned' ? <EarnedView period={period} search={search} address={address} wholeYear={name === 'year' ? null : () => choose('year')} /> : view === 'stock' ? <StockView /> : <TaxView period={period} />}
    </Page>
  );
}

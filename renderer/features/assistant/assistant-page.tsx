import { Skeleton } from '@mantine/core';
import { IconSparkles } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import type { TFunction } from 'i18next';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { AiCallRow } from '#contract/assistant.ts';
import { orpc } from '../../rpc/client.ts';
import { DataTable, type Column } from '../../ui/data-table.tsx';
import { useFormat, type Formatter } from '../../ui/format.ts';
import { useMicro } from '../../ui/micro.ts';
import { Page } from '../../ui/page.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { compact } from '../../ui/search-params.ts';
import { SplitView } from '../../ui/split-view.tsx';
import { StateFilter } from '../../ui/state-filter.tsx';
import { EmptyState, ErrorState } from '../../ui/states.tsx';
import { StatusBadge, type StatusTone } from '../../ui/status-badge.tsx';
import { TableMenu } from '../../ui/table-menu.tsx';
import { PAGING, cursorInput, useRows } from '../../ui/use-pages.ts';
import { CallPanel } from './call-panel.tsx';
import { Controls } from './controls.tsx';
import { OUTCOMES, PURPOSES, type assistantSearch } from './search.ts';
import { Spend } from './spend.tsx';
import './assistant.css';

const route = getRouteApi('/frame/ai');
const callId = (call: AiCallRow) => call.id;
const TONES: Readonly<Record<AiCallRow['outcome'], StatusTone>> = { answered: 'done', cached: 'done', replayed: 'done', asked: 'running', invalid: 'ended', refused: 'ended', failed: 'ended', 'over-budget': 'ended' };

function columnsOf(t: TFunction, format: Formatter, micro: ReturnType<typeof useMicro>): Column<AiCallRow>[] {
  const name = (id: string) => t(`assistant:column.${id}`);
  return [
    { id: 'at', header: name('at'), size: 130, cell: (c) => <span className="muted"><RelativeTime at={c.at} /></span>, csv: (c) => new Date(c.at).toISOString() },
    { id: 'purpose', header: name('purpose'), size: 150, cell: (c) => t(`assistant:purpose.${c.purpose}`), csv: (c) => c.purpose },
    { id: 'outcome', header: name('outcome'), size: 160, cell: (c) => <StatusBadge tone={TONES[c.outcome]} label={t(`assistant:outcome.${c.outcome}`)} />, csv: (c) => c.outcome },
    { id: 'model', header: name('model'), size: 170, cell: (c) => <span dir="ltr">{c.model}</span>, csv: (c) => c.model },
    { id: 'prompt', header: name('prompt'), size: 110, cell: (c) => <span className="muted">{c.promptVersion}</span>, csv: (c) => c.promptVersion },
    { id: 'tokens', header: name('tokens'), size: 120, align: 'end', cell: (c) => <span className="num">{format.number(c.inputTokens)} + {format.number(c.outputTokens)}</span>, csv: (c) => String(c.inputTokens + c.outputTokens) },
    { id: 'cost', header: name('cost'), size: 120, align: 'end', cell: (c) => <span className="num">{micro(c.costMicro, c.currency)}</span>, csv: (c) => String(c.costMicro / 1_000_000) },
    { id: 'latency', header: name('latency'), size: 90, align: 'end', cell: (c) => <span className="num muted">{c.latencyMs === 0 ? '–' : t('assistant:seconds', { seconds: format.number(c.latencyMs / 1_000, 1) })}</span>, csv: (c) => String(c.latencyMs) },
  ];
}

/** Language models: which, for what, for how much; and every question that was asked, to be looked at and asked again. */
export function AssistantPage() {
  const { t } = useTranslation();
  const format = useFormat();
  const micro = useMicro();
  const navigate = useNavigate();
  const search: ReturnType<typeof assistantSearch> = route.useSearch();
  const change = (part: Partial<Record<'purpose' | 'outcome' | 'subject' | 'open', string | undefined>>) => void navigate({ to: '/ai', search: compact({ ...search, ...part }) as never, replace: true });
  const settings = useQuery(orpc.assistant.settings.queryOptions());
  const status = useQuery(orpc.assistant.status.queryOptions());
  const filter = compact({ purpose: search.purpose, outcome: search.outcome, subject: search.subject });
  const calls = useInfiniteQuery(orpc.assistant.calls.infiniteOptions({ input: (page: string | undefined) => ({ ...filter, ...cursorInput(page) }), ...PAGING }));
  const { rows } = useRows<AiCallRow>(calls.data);
  const columns = useMemo(() => columnsOf(t, format, micro), [t, format, micro]);
  const failed = settings.error ?? status.error;
  const tools = (
    <>
      <StateFilter name={t('assistant:column.purpose')} values={PURPOSES} value={search.purpose} word={(value) => t(`assistant:purpose.${value}`)} allLabel={t('assistant:all-purposes')} onChange={(purpose) => change({ purpose })} />
      <StateFilter name={t('assistant:column.outcome')} values={OUTCOMES} value={search.outcome} word={(value) => t(`assistant:outcome.${value}`)} allLabel={t('assistant:all-outcomes')} onChange={(outcome) => change({ outcome })} />
      <span className="grow" /><TableMenu id="ai-calls" columns={columns} rows={rows} />
    </>
  );
  return (
    <Page title={t('frame:page.ai')} tools={tools}>
      {failed && !(settings.data && status.data) ? <ErrorState error={failed} onRetry={() => { void settings.refetch(); void status.refetch(); }} /> : (
        <>
          <div className="ai-top">
            {settings.data && status.data ? <Controls stored={settings.data} status={status.data} /> : <Skeleton height="12rem" />}
            {status.data ? <Spend status={status.data} /> : <Skeleton height="12rem" />}
          </div>
          <div className="ai-calls">
            <SplitView id="ai" detailLabel={t('assistant:call')} onClose={() => change({ open: undefined })} detail={search.open === undefined ? null : <CallPanel key={search.open} id={search.open} />}>
              <DataTable id="ai-calls" label={t('assistant:calls')} columns={columns} rows={rows} rowId={callId} pages={calls} activeId={search.open ?? null} onActive={(id) => { if (search.open !== undefined) change({ open: id }); }} onOpen={(id) => change({ open: id })}
                empty={<EmptyState icon={<IconSparkles size="1.75rem" stroke={1.5} />} title={t('assistant:empty.title')}>{t('assistant:empty.text')}</EmptyState>} />
            </SplitView>
          </div>
        </>
      )}
    </Page>
  );
}

import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { orpc } from '../../rpc/client.ts';
import { DetailSkeleton, ErrorState } from '../../ui/states.tsx';
import { StatusBadge } from '../../ui/status-badge.tsx';
import { compact } from '../../ui/search-params.ts';
import { ColumnsStep } from './columns-step.tsx';
import { PassStep } from './pass-step.tsx';
import { ResultsStep } from './results-step.tsx';
import type { ListView } from './use-actions.ts';
import { STEPS, type ListSearch, type SearchChange, type Step } from './search.ts';
import { TONES } from './tone.ts';

/** How often a list that is worked on is asked about, beside the live events. */
const LOOK_MS = 1_000;
const isBusy = (list: ListView) => list.stage === 'passing' || list.stage === 'running';

const stepOf = (list: ListView, wanted: Step | undefined): Step => {
  if (list.counts === null) return list.stage === 'passing' ? 'pass' : 'columns';
  return wanted ?? 'pass';
};

function Steps({ list, step, onStep }: { readonly list: ListView; readonly step: Step; readonly onStep: (step: Step) => void }) {
  const { t } = useTranslation();
  return (
    <nav className="list-steps" aria-label={t('price-lists:steps')}>
      {STEPS.map((name, index) => <button key={name} type="button" aria-current={name === step ? 'step' : undefined} disabled={name === 'columns' ? isBusy(list) : name === 'pass' ? list.counts === null && list.stage !== 'passing' : list.counts === null} onClick={() => onStep(name)}>{index + 1}. {t(`price-lists:step.${name}`)}</button>)}
    </nav>
  );
}

/** One list from its columns to its results; where it stands follows from the list, so that a reload or a restart comes back to it. */
export function ListWizard({ id, search }: { readonly id: string; readonly search: ListSearch }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const query = useQuery(orpc.priceLists.get.queryOptions({ input: { id }, refetchInterval: (q) => (q.state.data && isBusy(q.state.data) ? LOOK_MS : false) }));
  if (query.isPending) return <DetailSkeleton />;
  if (query.error || !query.data) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  const list = query.data;
  const step = stepOf(list, search.step);
  const change = (part: SearchChange, replace = false) => void navigate({ to: '/price-lists', search: compact({ ...search, ...part }) as never, replace });
  return (
    <>
      <div className="list-head">
        <h2 className="truncate">{list.supplier}</h2><span className="muted truncate">{list.name}</span>
        <StatusBadge tone={list.error ? 'attention' : TONES[list.stage]} label={t(`price-lists:stage.${list.stage}`)} />
        <Steps list={list} step={step} onStep={(next) => change({ step: next })} />
      </div>
      {step === 'columns' ? <ColumnsStep key={`${list.layoutFrom}:${JSON.stringify(list.layout)}`} list={list} onRead={() => change({ step: 'pass' })} /> : step === 'pass' ? <PassStep list={list} onResults={(filter) => change({ step: 'results', filter })} /> : <ResultsStep list={list} search={search} onChange={change} />}
    </>
  );
}

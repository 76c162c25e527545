import { Button, Loader, Popover, Progress } from '@mantine/core';
import { IconListCheck } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import type { jobView } from '#contract/system.ts';
import { orpc } from '../rpc/client.ts';
import { useFormat } from '../ui/format.ts';
import { notifyError } from '../ui/notify.tsx';

type JobView = z.infer<typeof jobView>;
const isLive = (job: JobView) => job.state === 'running' || job.state === 'queued';

function Job({ job }: { readonly job: JobView }) {
  const { t } = useTranslation();
  const format = useFormat();
  const queries = useQueryClient();
  const settle = { onSettled: () => queries.invalidateQueries({ queryKey: orpc.system.jobs.key() }), onError: (error: unknown) => notifyError(error, t) };
  const cancel = useMutation(orpc.system.cancelJob.mutationOptions(settle));
  const retry = useMutation(orpc.system.retryJob.mutationOptions(settle));
  const p = job.progress;
  const share = p?.total ? Math.min(100, (p.done / p.total) * 100) : null;
  const words = p ? [
    p.total === null ? t('frame:jobs.done', { done: format.number(p.done) }) : t('frame:jobs.of', { done: format.number(p.done), total: format.number(p.total) }),
    p.perSecond === null ? null : t('frame:jobs.rate', { rate: format.number(p.perSecond, p.perSecond < 10 ? 1 : 0) }),
    p.leftSeconds === null ? null : t('frame:jobs.left', { left: format.duration(p.leftSeconds) }),
  ].filter(Boolean).join(' · ') : t(`frame:jobs.state.${job.state}`);
  return (
    <div className="job">
      <div className="row" style={{ justifyContent: 'space-between' }}>
        <strong className="truncate">{t(`frame:job.${job.kind}`, { defaultValue: job.kind })}</strong>
        {isLive(job) ? <Button size="compact-xs" variant="default" loading={cancel.isPending} onClick={() => cancel.mutate({ id: job.id })}>{t('frame:jobs.cancel')}</Button> : null}
        {job.state === 'failed' ? <Button size="compact-xs" variant="default" loading={retry.isPending} onClick={() => retry.mutate({ id: job.id })}>{t('frame:jobs.retry')}</Button> : null}
      </div>
      {isLive(job) ? <Progress size="sm" value={share ?? 100} animated={share === null} striped={share === null} aria-label={words} /> : null}
      <span className="small muted num" style={{ whiteSpace: 'normal' }}>{words}{p?.note ? ` · ${p.note}` : ''}</span>
      {job.lastError && job.state !== 'done' ? <span className="small attention">{t('frame:jobs.error', { error: job.lastError, attempts: job.attempts })}</span> : null}
    </div>
  );
}

/** Long work: how far, how fast, how long yet, and a way to stop it. */
export function JobsMenu() {
  const { t } = useTranslation();
  const { data } = useQuery(orpc.system.jobs.queryOptions({ refetchInterval: (query) => (query.state.data?.some(isLive) ? 1_500 : 30_000) }));
  const live = data?.filter(isLive) ?? [];
  const failed = data?.filter((job) => job.state === 'failed') ?? [];
  const shown = [...live, ...failed].slice(0, 12);
  return (
    <Popover position="bottom-end" width={360} shadow="md" trapFocus returnFocus>
      <Popover.Target>
        <button type="button" className="jobs-button" aria-label={t('frame:jobs.label', { count: live.length })}>
          {live.length > 0 ? <Loader size="0.875rem" aria-hidden="true" /> : <IconListCheck size="1.125rem" className="muted" aria-hidden="true" />}
          {live.length > 0 ? <span className="jobs-text">{t('frame:jobs.running', { count: live.length })}</span> : null}
          {failed.length > 0 ? <span className="attention jobs-text">{t('frame:jobs.failed', { count: failed.length })}</span> : null}
        </button>
      </Popover.Target>
      <Popover.Dropdown p={0} mah="70vh" style={{ overflowY: 'auto' }}>
        {shown.length === 0 ? <p className="muted" style={{ padding: '0.75rem' }}>{t('frame:jobs.none')}</p> : shown.map((job) => <Job key={job.id} job={job} />)}
      </Popover.Dropdown>
    </Popover>
  );
}

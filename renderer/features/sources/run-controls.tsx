import { Button, Progress } from '@mantine/core';
import { IconPlayerPlay, IconPlayerStop } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import type { runView, sourceView } from '#contract/sources.ts';
import { orpc } from '../../rpc/client.ts';
import { useFormat } from '../../ui/format.ts';
import { notifyError } from '../../ui/notify.tsx';
import { errorOf } from './tone.ts';

type RunView = z.infer<typeof runView>;
type SourceView = z.infer<typeof sourceView>;
export const isLive = (run: RunView | null) => run !== null && (run.state === 'running' || run.state === 'queued');

/** How far a running scan is, or what the last one brought. */
export function RunProgress({ run }: { readonly run: RunView | null }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (!run) return <span className="muted">–</span>;
  if (!isLive(run)) return <span className={`truncate ${run.state === 'failed' ? 'attention' : 'muted'}`} title={run.error ?? undefined}>{run.state === 'done' ? t('sources:run.done', { added: format.number(run.added), changed: format.number(run.changed) }) : t(`sources:run-state.${run.state}`)}{run.error ? `: ${errorOf(run.error)}` : ''}</span>;
  const share = run.total ? Math.min(100, (run.seen / run.total) * 100) : null;
  const words = run.total ? t('sources:run.of', { seen: format.number(run.seen), total: format.number(run.total) }) : t('sources:run.seen', { seen: format.number(run.seen) });
  return <span className="run-progress"><Progress className="grow" size="sm" value={share ?? 100} animated={share === null} striped={share === null} aria-label={words} /><span className="num small">{words}</span></span>;
}

export function RunButton({ source, compact = false }: { readonly source: SourceView; readonly compact?: boolean }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const settle = { onError: (error: unknown) => notifyError(error, t), onSettled: () => { void queries.invalidateQueries({ queryKey: orpc.sources.key() }); void queries.invalidateQueries({ queryKey: orpc.system.jobs.key() }); } };
  const run = useMutation(orpc.sources.run.mutationOptions(settle));
  const cancel = useMutation(orpc.sources.cancel.mutationOptions(settle));
  const live = isLive(source.lastRun);
  const size = compact ? 'compact-xs' : 'sm';
  const act = (event: { stopPropagation(): void }) => { event.stopPropagation(); if (live && source.lastRun) cancel.mutate({ id: source.lastRun.id }); else run.mutate({ id: source.id }); };
  return (
    <Button size={size} variant="default" onClick={act} loading={run.isPending || cancel.isPending} disabled={(!source.enabled || !source.readable) && !live} leftSection={live ? <IconPlayerStop size="0.75rem" /> : <IconPlayerPlay size="0.75rem" className="flip" />} aria-label={t(live ? 'sources:cancel-of' : 'sources:run-of', { name: source.name })}>
      {t(live ? 'sources:cancel' : 'sources:run-now')}
    </Button>
  );
}

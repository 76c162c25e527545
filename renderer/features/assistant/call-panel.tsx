import { Button } from '@mantine/core';
import { IconArrowBackUp, IconRefresh } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { orpc } from '../../rpc/client.ts';
import { describeError } from '../../rpc/describe-error.ts';
import { useFormat } from '../../ui/format.ts';
import { useMicro } from '../../ui/micro.ts';
import { useWordReason } from '../../ui/reason.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { DetailSkeleton, ErrorState } from '../../ui/states.tsx';

const pretty = (value: unknown) => JSON.stringify(value, null, 2);

function Replay({ id }: { readonly id: string }) {
  const { t } = useTranslation();
  const micro = useMicro();
  const word = useWordReason();
  const queries = useQueryClient();
  const replay = useMutation(orpc.assistant.replay.mutationOptions({ onSettled: () => void queries.invalidateQueries({ queryKey: orpc.assistant.key() }) }));
  const failed = replay.error ? describeError(replay.error, t) : null;
  const reason = failed?.data['reason'] as Parameters<typeof word>[0] | undefined;
  return (
    <section className="section stack">
      <h2>{t('assistant:replay.title')}</h2>
      <p className="small muted">{t('assistant:replay.text')}</p>
      <div className="row wrap">
        <Button size="xs" variant="default" leftSection={<IconArrowBackUp size="0.875rem" />} loading={replay.isPending && replay.variables?.mode === 'recorded'} onClick={() => replay.mutate({ id, mode: 'recorded' })}>{t('assistant:replay.recorded')}</Button>
        <Button size="xs" variant="default" leftSection={<IconRefresh size="0.875rem" />} loading={replay.isPending && replay.variables?.mode === 'live'} onClick={() => replay.mutate({ id, mode: 'live' })}>{t('assistant:replay.live')}</Button>
      </div>
      {failed ? <p className="notice small" role="alert">{failed.title} {reason ? word(reason) : failed.advice}</p> : null}
      {replay.data ? (
        <div className="stack" role="status">
          <p className="small">{t(replay.data.whole ? 'assistant:replay.whole' : 'assistant:replay.broken')} {t('assistant:replay.by', { model: replay.data.model, cost: micro(replay.data.costMicro, replay.data.currency) })}</p>
          {replay.data.differences.length === 0 ? <p>{t('assistant:replay.same')}</p> : (
            <table className="plain-table">
              <thead><tr><th>{t('assistant:replay.field')}</th><th>{t('assistant:replay.before')}</th><th>{t('assistant:replay.after')}</th></tr></thead>
              <tbody>{replay.data.differences.map((one) => <tr key={one.path}><td dir="ltr">{one.path || t('assistant:replay.all')}</td><td dir="auto">{pretty(one.before)}</td><td dir="auto">{pretty(one.after)}</td></tr>)}</tbody>
            </table>
          )}
        </div>
      ) : null}
    </section>
  );
}

/** One question: what was sent, what came back, what it cost; and asked again to compare. */
export function CallPanel({ id }: { readonly id: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const micro = useMicro();
  const word = useWordReason();
  const { data: call, error, isPending, refetch } = useQuery(orpc.assistant.call.queryOptions({ input: { id } }));
  if (isPending) return <DetailSkeleton />;
  if (error && !call) return <ErrorState error={error} onRetry={() => void refetch()} />;
  return (
    <article className="detail">
      <header className="detail-head">
        <h2>{t(`assistant:purpose.${call.purpose}`)} · {t(`assistant:outcome.${call.outcome}`)}</h2>
        <p className="small muted">{call.model} · {call.promptVersion} · <RelativeTime at={call.at} />{call.subject?.startsWith('opp_') ? <> · <Link to="/opportunities" search={{ open: call.subject } as never}>{t('assistant:open-subject')}</Link></> : null}</p>
      </header>
      <div className="detail-body" tabIndex={0} role="region" aria-label={t('assistant:call')}>
        {call.detail ? <p className="notice small">{word(call.detail)}</p> : null}
        <p className="small muted">{t('assistant:call-figures', { input: format.number(call.inputTokens), output: format.number(call.outputTokens), cost: micro(call.costMicro, call.currency), card: call.priceCard, seconds: format.number(call.latencyMs / 1_000, 1) })}</p>
        <section className="section stack"><h2>{t('assistant:answer')}</h2>{call.answer === null ? <p className="muted">{t('assistant:no-answer')}</p> : <pre className="ai-text" dir="auto" tabIndex={0}>{pretty(call.answer)}</pre>}</section>
        <section className="section stack">
          <h2>{t('assistant:sent')}</h2>
          {call.request ? <><h3>{t('assistant:instructions')}</h3><pre className="ai-text" dir="ltr" tabIndex={0}>{call.request.instructions}</pre><h3>{t('assistant:data')}</h3><pre className="ai-text" dir="ltr" tabIndex={0}>{call.request.data}</pre></> : <p className="muted">{t('assistant:not-kept')}</p>}
        </section>
        {call.request ? <Replay key={id} id={id} /> : null}
      </div>
    </article>
  );
}

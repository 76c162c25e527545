import { Button } from '@mantine/core';
import { IconSparkles } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { orpc } from '../../rpc/client.ts';
import { useMicro } from '../../ui/micro.ts';
import { notifyError } from '../../ui/notify.tsx';
import { useWordReason } from '../../ui/reason.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { StatusBadge } from '../../ui/status-badge.tsx';
import { Section } from './section.tsx';

/** What a connected model says of the texts, beside the decision; where none is connected nothing stands here. */
export function OpinionSection({ id }: { readonly id: string }) {
  const { t } = useTranslation();
  const micro = useMicro();
  const word = useWordReason();
  const queries = useQueryClient();
  const query = useQuery(orpc.opinions.get.queryOptions({ input: { id } }));
  const ask = useMutation(orpc.opinions.ask.mutationOptions({
    onSuccess: (answer) => queries.setQueryData(orpc.opinions.get.queryKey({ input: { id } }), answer),
    onError: (error) => notifyError(error, t),
    onSettled: () => void queries.invalidateQueries({ queryKey: orpc.assistant.key() }),
  }));
  if (!query.data || (query.data.opinion === null && query.data.offline?.code === 'ai.off')) return null;
  const { opinion, offline } = query.data;
  return (
    <Section title={t('assistant:opinion.title')} aside={opinion ? <StatusBadge tone={opinion.verdict === 'look-closer' ? 'attention' : 'idle'} label={t(`assistant:opinion.${opinion.verdict}`)} /> : undefined}>
      {opinion ? (
        <div className="stack">
          <p dir="auto">{opinion.summary}</p>
          {opinion.doubts.length > 0 ? <ul className="stack">{opinion.doubts.map((doubt, index) => <li key={index} dir="auto"><strong>{t(`assistant:doubt.${doubt.about}`)}:</strong> {doubt.why}</li>)}</ul> : null}
          <p className="small muted">{t('assistant:opinion.by', { model: opinion.model, cost: micro(opinion.costMicro, opinion.currency) })} · <RelativeTime at={opinion.at} /> · <Link to="/ai" search={{ open: opinion.callId } as never}>{t('assistant:opinion.open-call')}</Link></p>
        </div>
      ) : (
        <div className="row wrap" style={{ justifyContent: 'space-between' }}>
          <span className="muted">{offline ? word(offline) : t('assistant:opinion.none')}</span>
          {offline && ['ai.no-account', 'ai.no-price', 'ai.purpose-off'].includes(offline.code) ? <Link to="/ai">{t('frame:page.ai')}</Link> : <Button size="compact-xs" variant="default" leftSection={<IconSparkles size="0.875rem" />} loading={ask.isPending} onClick={() => ask.mutate({ id })}>{t('assistant:opinion.ask')}</Button>}
        </div>
      )}
      <p className="small muted">{t('assistant:opinion.note')}</p>
    </Section>
  );
}

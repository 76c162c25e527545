import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import type { sourceRepair } from '#contract/sources.ts';
import { orpc } from '../../rpc/client.ts';
import { notify, notifyError } from '../../ui/notify.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';

type Repair = z.infer<typeof sourceRepair>;
type Field = Repair['fields'][number];

function Proposals({ field, busy, onAccept }: { readonly field: Field; readonly busy: boolean; readonly onAccept: (rule: Field['proposals'][number]['rule']) => void }) {
  const { t } = useTranslation();
  if (field.found !== null) return <span className="muted">{t('sources:repair-fine')}</span>;
  if (field.proposals.length === 0) return <span className="muted">{t('sources:repair-none')}</span>;
  return (
    <ul className="repair-places">
      {field.proposals.map((p) => (
        <li key={JSON.stringify(p.rule)}>
          <span><bdi>{p.sample}</bdi> <span className="small muted">{t('sources:repair-place', { place: p.place })}</span></span>
          <Button size="compact-sm" loading={busy} onClick={() => onAccept(p.rule)}>{t('sources:repair-accept')}</Button>
        </li>
      ))}
    </ul>
  );
}

function Copies({ repair }: { readonly repair: Repair }) {
  const { t } = useTranslation();
  return (
    <details>
      <summary className="small">{t('sources:repair-copies')}</summary>
      <div className="repair-copies">
        {(['good', 'now'] as const).map((which) => (
          <section key={which} aria-label={t(`sources:repair-${which}`)}>
            <p className="small muted">{t(`sources:repair-${which}`)} · <RelativeTime at={repair[which].at} /></p>
            <pre className="error-page small" tabIndex={0} dir="ltr">{repair[which].text}</pre>
          </section>
        ))}
      </div>
    </details>
  );
}

/** Guided repair: the page that was last read well, as it was and as it is; what vanished from it; and where its value stands now. */
export function RepairSource({ id, urgent }: { readonly id: string; readonly urgent: boolean }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const refresh = () => queries.invalidateQueries({ queryKey: orpc.sources.key() });
  const look = useMutation(orpc.sources.inspect.mutationOptions({ onError: (error) => notifyError(error, t) }));
  const undo = useMutation(orpc.sources.undoRepair.mutationOptions({ onSuccess: () => { notify({ message: t('sources:repair-undone') }); look.mutate({ id }); }, onError: (error) => notifyError(error, t), onSettled: refresh }));
  const accept = useMutation(orpc.sources.acceptRepair.mutationOptions({
    onSuccess: (_repair, { field }) => notify({ message: t('sources:repair-accepted', { field: t(`sources:repair-field.${field}`) }), action: { label: t('common:undo'), run: () => undo.mutate({ id, field }) } }),
    onError: (error) => notifyError(error, t), onSettled: refresh,
  }));
  const repair = accept.data ?? look.data;
  const start = () => { accept.reset(); look.mutate({ id }); };
  return (
    <div className="stack" style={{ gap: '0.5rem' }}>
      <Button size="compact-sm" variant={urgent && !repair ? 'filled' : 'default'} loading={look.isPending} onClick={start} style={{ alignSelf: 'flex-start' }}>{t(repair ? 'sources:repair-again' : urgent ? 'sources:repair-look' : 'sources:repair-compare')}</Button>
      {repair ? (
        <div className="stack" style={{ gap: '0.75rem' }} role="status">
          <p className="small muted" dir="ltr" style={{ overflowWrap: 'anywhere' }}>{repair.url}</p>
          <table className="plain-table">
            <thead><tr><th scope="col">{t('sources:reject.field')}</th><th scope="col">{t('sources:repair-known')}</th><th scope="col">{t('sources:repair-today')}</th></tr></thead>
            <tbody>
              {repair.fields.map((field) => (
                <tr key={field.field} data-poor={field.found === null || undefined}>
                  <td>{field.found === null ? <strong>{t(`sources:repair-field.${field.field}`)}</strong> : t(`sources:repair-field.${field.field}`)}</td><td><bdi>{field.known}</bdi></td>
                  <td>{field.found !== null && repair.accepted.some((a) => a.field === field.field)
                    ? <span className="row wrap"><bdi>{field.found}</bdi><span className="small muted">{t('sources:repair-yours')}</span><Button size="compact-xs" variant="subtle" onClick={() => undo.mutate({ id, field: field.field })}>{t('common:undo')}</Button></span>
                    : <Proposals field={field} busy={accept.isPending} onAccept={(rule) => accept.mutate({ id, field: field.field, rule })} />}</td>
                </tr>
              ))}
            </tbody>
          </table>
          <Copies repair={repair} />
        </div>
      ) : null}
    </div>
  );
}

import { Button, FileButton } from '@mantine/core';
import { IconDownload, IconFileSearch } from '@tabler/icons-react';
import { useInfiniteQuery, useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { orpc } from '../../rpc/client.ts';
import { useFormat } from '../../ui/format.ts';
import { Money } from '../../ui/money.tsx';
import { notify, notifyError } from '../../ui/notify.tsx';
import { isMoney } from '../../ui/reason.tsx';
import { downloadText } from '../../ui/save-text.ts';
import { EmptyState, ErrorState } from '../../ui/states.tsx';
import { PAGING, cursorInput } from '../../ui/use-pages.ts';
import { FormSkeleton } from './form-parts.tsx';

/** Pages that show a thing, by the beginning of its id. */
const SUBJECT_PAGES: Readonly<Record<string, string>> = { pur: '/purchases', opp: '/opportunities', lst: '/listings', ord: '/orders', lot: '/stock', neg: '/negotiations', tkt: '/support', pay: '/payments', pod: '/purchase-orders', src: '/sources' };

interface AuditRow { readonly subject: string | null; readonly data: Readonly<Record<string, unknown>> }

/** What a row is about: a link to the thing, or the step that was carried out. Its id stays to be read on hover. */
function Subject({ row: { subject, data } }: { readonly row: AuditRow }) {
  const { t } = useTranslation();
  if (subject === null) return '–';
  const prefix = /^([a-z]+)_/.exec(subject)?.[1] ?? '';
  const to = SUBJECT_PAGES[prefix];
  if (to) return <Link to={to as '/purchases'} search={{ open: subject } as never} title={subject}>{t(`settings:audit.subject.${prefix}`)}</Link>;
  const step = data['step'];
  return <span className="truncate audit-subject" title={subject}>{typeof step === 'string' ? t(`settings:audit.step.${step}`, { defaultValue: step.replaceAll('-', ' ') }) : t(`settings:audit.subject.${prefix}`, { defaultValue: subject })}</span>;
}

function Verdict() {
  const { t } = useTranslation();
  const format = useFormat();
  const verify = useMutation(orpc.approvals.verifyAudit.mutationOptions({ onError: (error) => notifyError(error, t) }));
  const report = verify.data;
  const save = useMutation(orpc.approvals.exportAuditHead.mutationOptions({
    onSuccess: (head) => { downloadText(`audit-head-${head.seq}.json`, `${JSON.stringify(head, null, 2)}\n`); notify({ message: t('settings:audit.saved', { seq: head.seq }) }); },
    onError: (error) => notifyError(error, t),
  }));
  // the engine says what is wrong with a file that holds something else
  const compare = (file: File | null) => void file?.text().then((text) => verify.mutate({ exported: JSON.parse(text) as never })).catch((error: unknown) => notifyError(error, t));
  return (
    <section className="card settings-group">
      <h2>{t('settings:audit.title')}</h2>
      <p className="small muted">{t('settings:audit.note')}</p>
      <div className="person-foot row"><Button onClick={() => verify.mutate({})} loading={verify.isPending}>{t('settings:audit.verify')}</Button>
        <Button variant="default" leftSection={<IconDownload size="1rem" />} loading={save.isPending} onClick={() => save.mutate({})}>{t('settings:audit.save')}</Button>
        <FileButton accept="application/json,.json" onChange={compare}>{(props) => <Button {...props} variant="default" leftSection={<IconFileSearch size="1rem" />}>{t('settings:audit.compare')}</Button>}</FileButton>
        <span role="status" className={report?.broken ? 'attention' : undefined}>
          {report ? !report.broken ? t('settings:audit.sound', { count: report.rows, ms: format.number(report.tookMs) }) : t('settings:audit.broken', { seq: report.broken?.seq, problem: t(`settings:audit.problem.${report.broken?.problem}`) }) : ''}
        </span>
      </div>
      {report ? <p className={report.books.broken ? 'small attention' : 'small muted'}>{report.books.broken ? t('settings:audit.books-broken', { entry: report.books.broken.entryId, problem: t(`settings:audit.books-problem.${report.books.broken.problem}`) }) : t('settings:audit.books-sound', { count: report.books.entries })}</p> : null}
      <p className="small muted">{t('settings:audit.save-note')}</p>
      {report?.head ? <p className="small muted">{t('settings:audit.head', { seq: report.head.seq })} <code className="audit-hash">{report.head.hash}</code></p> : null}
      {report?.anchor ? <p className="small muted">{t(`settings:audit.anchor.${report.anchor.keptIn}`, { seq: report.anchor.seq, at: format.dateTime(report.anchor.at) })}</p> : null}
    </section>
  );
}

/** What was decided and what went out, newest first, and whether it is still what it was. */
export function AuditLog() {
  const { t } = useTranslation();
  const format = useFormat();
  const query = useInfiniteQuery(orpc.approvals.audit.infiniteOptions({ input: (cursor: string | undefined) => ({ ...cursorInput(cursor) }), ...PAGING }));
  if (query.error && !query.data) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  if (!query.data) return <FormSkeleton />;
  const rows = query.data.pages.flatMap((page) => page.items);
  return (
    <div className="settings-form audit">
      <Verdict />
      <section className="card settings-group">
        {rows.length === 0 ? <EmptyState title={t('settings:audit.empty')} /> : (
          <div className="audit-scroll" tabIndex={0} role="region" aria-label={t('settings:tab.audit')}>
            <table className="plain-table audit-table">
              <thead><tr><th scope="col">{t('settings:audit.column.seq')}</th><th scope="col">{t('settings:audit.column.at')}</th><th scope="col">{t('settings:audit.column.who')}</th><th scope="col">{t('settings:audit.column.what')}</th><th scope="col">{t('settings:audit.column.subject')}</th><th scope="col">{t('settings:audit.column.hash')}</th></tr></thead>
              <tbody>{rows.map((row) => (
                <tr key={row.seq}>
                  <td className="num">{format.number(row.seq)}</td><td className="num">{format.exactTime(row.at)}</td><td>{row.actorName ?? (row.actor === 'desk' ? t('settings:audit.desk') : row.actor)} <span className="small muted">{t(`approvals:channel.${row.channel}`, { defaultValue: row.channel })}</span></td>
                  <td title={JSON.stringify(row.data)}>{t(`settings:audit.action.${row.action}`, { defaultValue: row.action })}{isMoney(row.data['homeTotal']) ? <span className="muted"> · <Money value={row.data['homeTotal']} /></span> : null}</td><td><Subject row={row} /></td><td><code className="small muted" title={row.hash}>{row.hash.slice(0, 8)}</code></td>
                </tr>
              ))}</tbody>
            </table>
          </div>
        )}
        {query.hasNextPage ? <Button variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>{t('settings:audit.more')}</Button> : null}
      </section>
    </div>
  );
}

import { useQuery, keepPreviousData } from '@tanstack/react-query';
import { useDeferredValue } from 'react';
import { useTranslation } from 'react-i18next';
import type { Limits } from '#contract/settings.ts';
import { orpc } from '../../rpc/client.ts';
import { useFormat } from '../../ui/format.ts';
import { Money } from '../../ui/money.tsx';
import { ErrorState } from '../../ui/states.tsx';

/** What each limit, as it stands in the form, would have stopped of what was bought in the last 30 days. */
export function LimitHistory({ limits }: { readonly limits: Limits }) {
  const { t } = useTranslation();
  const format = useFormat();
  const asked = useDeferredValue(limits);
  const query = useQuery({ ...orpc.approvals.limitHistory.queryOptions({ input: { limits: asked } }), placeholderData: keepPreviousData, staleTime: 30_000 });
  if (query.error && !query.data) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  const history = query.data;
  return (
    <section className="card settings-group" aria-label={t('settings:history.title')}>
      <h2>{t('settings:history.title')}</h2>
      <p className="small muted">{history ? history.purchases === 0 ? t('settings:history.none') : t('settings:history.note', { count: history.purchases, spent: format.money(history.spent) }) : t('common:loading')}</p>
      {history && history.purchases > 0 ? (
        <table className="plain-table">
          <thead><tr><th scope="col">{t('settings:history.limit')}</th><th scope="col" className="end">{t('settings:history.would')}</th><th scope="col" className="end">{t('settings:history.amount')}</th><th scope="col" className="end">{t('settings:history.did')}</th></tr></thead>
          <tbody>{history.limits.map((row) => (
            <tr key={row.code} className={row.wouldStop === 0 && row.stopped === 0 ? 'muted' : undefined}>
              <td>{t(`settings:history.${row.code}`)}</td><td className="num end">{format.number(row.wouldStop)}</td><td className="end">{row.wouldStop === 0 ? <span className="num muted">–</span> : <Money value={row.amount} />}</td><td className="num end">{format.number(row.stopped)}</td>
            </tr>
          ))}</tbody>
        </table>
      ) : null}
    </section>
  );
}

import { Button, Skeleton } from '@mantine/core';
import { IconPlugOff, IconRefresh } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { describeError } from '../rpc/describe-error.ts';
import './states.css';

/** What a page is for and the one button that fills it. */
export function EmptyState({ icon, title, children, action }: { readonly icon?: ReactNode; readonly title: string; readonly children?: ReactNode; readonly action?: ReactNode }) {
  return (
    <div className="state" role="status">
      {icon ? <div className="state-icon" aria-hidden="true">{icon}</div> : null}
      <h2>{title}</h2>
      {children ? <p className="muted">{children}</p> : null}
      {action ?? null}
    </div>
  );
}

/** What happened, what was not done, what to do. */
export function ErrorState({ error, onRetry }: { readonly error: unknown; readonly onRetry?: () => void }) {
  const { t } = useTranslation();
  const described = describeError(error, t);
  return (
    <div className="state" role="alert">
      <div className="state-icon attention" aria-hidden="true"><IconPlugOff size="1.75rem" stroke={1.5} /></div>
      <h2>{described.title}</h2>
      <p className="muted">{described.advice}</p>
      {onRetry ? <Button variant="default" leftSection={<IconRefresh size="0.875rem" />} onClick={onRetry}>{t('common:try-again')}</Button> : null}
      <details className="small muted"><summary>{t('common:technical')}</summary><code>{described.code}: {described.technical}</code></details>
    </div>
  );
}

/** The shape of a table while its first page is on its way. */
export function TableSkeleton({ rows = 14, columns = 6 }: { readonly rows?: number; readonly columns?: number }) {
  const { t } = useTranslation();
  return (
    <div className="table-skeleton" role="status" aria-label={t('common:loading')}>
      {Array.from({ length: rows }, (_, row) => (
        <div key={row} className="table-skeleton-row">
          <Skeleton height="0.75rem" width={`${24 + ((row * 7) % 12)}%`} radius="sm" />
          {Array.from({ length: columns - 1 }, (_unused, column) => <Skeleton key={column} height="0.75rem" width={`${5 + ((row + column * 3) % 4)}%`} radius="sm" />)}
        </div>
      ))}
    </div>
  );
}

/** The shape of a detail: title, sentence, a few lines, a chart. */
export function DetailSkeleton() {
  const { t } = useTranslation();
  return (
    <div className="stack" style={{ padding: '1rem', gap: '0.75rem' }} role="status" aria-label={t('common:loading')}>
      <Skeleton height="1.25rem" width="70%" />
      <Skeleton height="0.875rem" width="92%" />
      <Skeleton height="0.875rem" width="60%" />
      <Skeleton height="11rem" mt="sm" />
      <Skeleton height="0.875rem" width="85%" />
      <Skeleton height="0.875rem" width="78%" />
      <Skeleton height="8rem" mt="sm" />
    </div>
  );
}

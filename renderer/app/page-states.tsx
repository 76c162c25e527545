import { Button } from '@mantine/core';
import { IconMapQuestion } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { EmptyState, ErrorState, TableSkeleton } from '../ui/states.tsx';

export function NotFound() {
  const { t } = useTranslation();
  return <EmptyState icon={<IconMapQuestion size="1.75rem" stroke={1.5} />} title={t('frame:not-found.title')} action={<Button component={Link} to="/" variant="default">{t('frame:not-found.action')}</Button>}>{t('frame:not-found.text')}</EmptyState>;
}

export function PageFailed({ error, reset }: { readonly error: unknown; readonly reset: () => void }) {
  return <ErrorState error={error} onRetry={reset} />;
}

export function PagePending() {
  return <TableSkeleton />;
}

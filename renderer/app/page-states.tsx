import { Button } from '@mantine/core';
import { IconMapQuestion } from '@tabler/icons-react';
import { Link, useLocation } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Page } from '../ui/page.tsx';
import { EmptyState, ErrorState, TableSkeleton } from '../ui/states.tsx';

export function NotFound() {
  const { t } = useTranslation();
  return <EmptyState icon={<IconMapQuestion size="1.75rem" stroke={1.5} />} title={t('frame:not-found.title')} action={<Button component={Link} to="/" variant="default">{t('frame:not-found.action')}</Button>}>{t('frame:not-found.text')}</EmptyState>;
}

export function PageFailed({ error, reset }: { readonly error: unknown; readonly reset: () => void }) {
  return <ErrorState error={error} onRetry={reset} />;
}

/** A page whose code is on its way: its heading already, so that a screen reader can say where the person is going. The page's word is its address's. */
export function PagePending() {
  const { t } = useTranslation();
  const page = useLocation({ select: ({ pathname }) => pathname.slice(1) || 'today' });
  return <Page title={t(`frame:page.${page}`, { defaultValue: t('common:loading') })}><TableSkeleton /></Page>;
}

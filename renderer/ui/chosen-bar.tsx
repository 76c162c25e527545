import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconCopy } from '@tabler/icons-react';
import { useMemo, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { toCsv } from './copy-csv.ts';
import type { Column } from './data-table.tsx';
import { copyText } from './save-text.ts';
import './chosen-bar.css';

const titleIn = (row: { readonly title?: string }): string => row.title ?? '';

/** The rows of a list that are chosen together; what leaves the list leaves the choice. `titleOf`: what a row is called, its title unless told; the same function each time. */
export function useChosen<Row extends { readonly id: string; readonly title?: string }>(rows: readonly Row[], titleOf: (row: Row) => string = titleIn) {
  const { t } = useTranslation();
  const [ids, choose] = useState<ReadonlySet<string>>(() => new Set());
  const chosen = useMemo(() => (ids.size === 0 ? [] : rows.filter((row) => ids.has(row.id))), [rows, ids]);
  const selection = useMemo(() => ({ ids, onChange: choose, label: (row: Row) => t('common:chosen.choose', { title: titleOf(row) }) }), [ids, t, titleOf]);
  return { rows: chosen, selection, clear: () => choose(new Set()) };
}

interface ChosenBarProps<Row> {
  readonly rows: readonly Row[];
  readonly columns: readonly Column<Row>[];
  readonly onClear: () => void;
  /** What can be done with them beside copying. */
  readonly children?: ReactNode;
}

/** Above a list while rows of it are chosen. */
export function ChosenBar<Row>({ rows, columns, onClear, children }: ChosenBarProps<Row>) {
  const { t } = useTranslation();
  if (rows.length === 0) return null;
  const copy = async () => {
    if (await copyText(toCsv(columns, rows, (column) => t('common:csv-currency', { column })))) notifications.show({ message: t('common:csv-copied', { count: rows.length }) });
    else notifications.show({ color: 'orange', message: t('common:csv-failed') });
  };
  return (
    <div className="chosen-bar" role="region" aria-label={t('common:chosen.label')}>
      <strong>{t('common:chosen.count', { count: rows.length })}</strong>
      <span className="grow" />
      {children}
      <Button size="compact-sm" variant="default" leftSection={<IconCopy size="0.875rem" />} onClick={() => void copy()}>{t('common:chosen.copy')}</Button>
      <Button size="compact-sm" variant="subtle" onClick={onClear}>{t('common:chosen.clear')}</Button>
    </div>
  );
}

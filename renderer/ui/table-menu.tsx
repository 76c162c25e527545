import { ActionIcon, Checkbox, Menu } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconAdjustmentsHorizontal, IconArrowDown, IconArrowUp, IconCopy, IconDownload, IconRestore } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { toCsv } from './copy-csv.ts';
import type { Column } from './data-table.tsx';
import { copyText, downloadCsv } from './save-text.ts';
import { useTableLayout } from './table-layout.ts';
import './table-menu.css';

interface TableMenuProps<Row> {
  readonly id: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
}

/** Which columns, in which order; a copy of the loaded rows as CSV. */
export function TableMenu<Row>({ id, columns, rows }: TableMenuProps<Row>) {
  const { t } = useTranslation();
  const layout = useTableLayout(id, columns);
  const move = (name: string, by: number) => layout.setOrder((old) => {
    const at = old.indexOf(name);
    const to = at + by;
    if (at < 0 || to < 0 || to >= old.length) return old;
    return old.with(at, old[to]!).with(to, name);
  });
  const csv = () => toCsv(columns, rows, (column) => t('common:csv-currency', { column }));
  const copy = async () => {
    if (await copyText(csv())) notifications.show({ message: t('common:csv-copied', { count: rows.length }) });
    else notifications.show({ color: 'orange', message: t('common:csv-failed') });
  };
  return (
    <Menu position="bottom-end" closeOnItemClick={false} width={300}>
      <Menu.Target><ActionIcon variant="default" size="lg" aria-label={t('common:table-options')}><IconAdjustmentsHorizontal size="1rem" /></ActionIcon></Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t('common:columns')}</Menu.Label>
        <div className="column-list">
          {layout.order.flatMap((name) => columns.find((c) => c.id === name) ?? []).map((column, index, all) => (
            <div key={column.id} className="column-item">
              <Checkbox size="xs" label={column.header} checked={layout.visibility[column.id] !== false} disabled={index === 0} onChange={(event) => { const shown = event.currentTarget.checked; layout.setVisibility((old) => ({ ...old, [column.id]: shown })); }} />
              <span className="row" style={{ gap: 0 }}>
                <ActionIcon size="sm" disabled={index <= 1} aria-label={t('common:move-earlier', { column: column.header })} onClick={() => move(column.id, -1)}><IconArrowUp size="0.875rem" /></ActionIcon>
                <ActionIcon size="sm" disabled={index === 0 || index === all.length - 1} aria-label={t('common:move-later', { column: column.header })} onClick={() => move(column.id, 1)}><IconArrowDown size="0.875rem" /></ActionIcon>
              </span>
            </div>
          ))}
        </div>
        <Menu.Divider />
        <Menu.Item leftSection={<IconRestore size="0.875rem" />} onClick={layout.reset}>{t('common:columns-reset')}</Menu.Item>
        <Menu.Item leftSection={<IconCopy size="0.875rem" />} onClick={() => void copy()}>{t('common:csv-copy', { count: rows.length })}</Menu.Item>
        <Menu.Item leftSection={<IconDownload size="0.875rem" />} onClick={() => downloadCsv(`${id}.csv`, csv())}>{t('common:csv-download', { count: rows.length })}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

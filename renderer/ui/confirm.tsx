import { Button, Group, Modal } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

interface ConfirmProps {
  readonly opened: boolean;
  readonly title: string;
  readonly children: ReactNode;
  /** A verb with its object. */
  readonly action: string;
  readonly danger?: boolean;
  readonly busy?: boolean;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
}

export function Confirm({ opened, title, children, action, danger = false, busy = false, onConfirm, onClose }: ConfirmProps) {
  const { t } = useTranslation();
  return (
    <Modal opened={opened} onClose={onClose} title={<strong>{title}</strong>} closeButtonProps={{ 'aria-label': t('common:close') }} size="md">
      <div className="stack" style={{ gap: '0.75rem' }}>{children}</div>
      <Group justify="flex-end" mt="lg" gap="xs">
        <Button variant="default" onClick={onClose} data-autofocus>{t('common:keep')}</Button>
        <Button onClick={onConfirm} loading={busy} {...(danger ? { style: { backgroundColor: 'var(--rd-text)', color: 'var(--rd-bg)' } } : {})}>{action}</Button>
      </Group>
    </Modal>
  );
}

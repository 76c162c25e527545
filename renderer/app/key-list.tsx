import { Modal } from '@mantine/core';
import { Fragment } from 'react';
import { useTranslation } from 'react-i18next';
import { KeyHint } from '../ui/key-hint.tsx';
import { useActiveShortcuts } from '../ui/shortcuts.ts';

/** The keys that work on the page that is shown. */
export function KeyList({ opened, onClose }: { readonly opened: boolean; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const shortcuts = useActiveShortcuts();
  return (
    <Modal opened={opened} onClose={onClose} title={<strong>{t('frame:keys')}</strong>} closeButtonProps={{ 'aria-label': t('common:close') }}>
      <div className="key-list">{shortcuts.map((s) => <Fragment key={s.shown}><span>{s.label}</span><span><KeyHint keys={s.shown} /><span className="visually-hidden">{s.shown}</span></span></Fragment>)}</div>
    </Modal>
  );
}

import { ActionIcon } from '@mantine/core';
import { IconArrowLeft, IconX } from '@tabler/icons-react';
import { useRef, type KeyboardEvent, type PointerEvent, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { usePreference } from './preferences.ts';
import { useShortcuts } from './shortcuts.ts';
import './split-view.css';

const MIN_REM = 24;
const MAX_REM = 64;
const remPx = () => Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || 16;

interface SplitViewProps {
  /** Remembers the width under this name. */
  readonly id: string;
  readonly detail: ReactNode | null;
  readonly detailLabel: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** A list with its detail beside it: a panel that can be resized by pointer or arrow keys; on a small window the detail is the whole page. */
export function SplitView({ id, detail, detailLabel, onClose, children }: SplitViewProps) {
  const { t } = useTranslation();
  const [width, setWidth] = usePreference(`panel:${id}`, 36);
  const root = useRef<HTMLDivElement>(null);
  useShortcuts([{ keys: ['Escape'], shown: 'Esc', label: t('common:keys.close'), run: onClose }], detail !== null);
  const resize = (rem: number) => setWidth(Math.round(Math.min(MAX_REM, Math.max(MIN_REM, rem)) * 10) / 10);
  const drag = (event: PointerEvent<HTMLDivElement>) => {
    if (!event.currentTarget.hasPointerCapture(event.pointerId) || !root.current) return;
    const box = root.current.getBoundingClientRect();
    const rtl = document.documentElement.dir === 'rtl';
    resize((rtl ? event.clientX - box.left : box.right - event.clientX) / remPx());
  };
  const step = (event: KeyboardEvent) => {
    const towardsStart = document.documentElement.dir === 'rtl' ? 'ArrowRight' : 'ArrowLeft';
    if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
    event.preventDefault();
    resize(width + (event.key === towardsStart ? 2 : -2));
  };
  return (
    <div className="split" ref={root} data-open={detail !== null}>
      <div className="split-list">{children}</div>
      {detail === null ? null : (
        <>
          <div className="split-handle" role="separator" aria-orientation="vertical" tabIndex={0} aria-label={t('common:resize-panel')} aria-valuenow={Math.round(width)} aria-valuemin={MIN_REM} aria-valuemax={MAX_REM}
            onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)} onPointerMove={drag} onKeyDown={step} />
          <aside className="split-detail" style={{ ['--panel' as string]: `${width}rem` }} aria-label={detailLabel}>
            <ActionIcon className="split-close" onClick={onClose} aria-label={t('common:close-detail')}>
              <IconX size="1rem" className="split-close-wide" /><IconArrowLeft size="1rem" className="split-close-narrow flip" />
            </ActionIcon>
            {detail}
          </aside>
        </>
      )}
    </div>
  );
}

import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import i18next, { type TFunction } from 'i18next';
import { describeError } from '../rpc/describe-error.ts';

interface Notice {
  readonly message: string;
  readonly action?: { readonly label: string; readonly run: () => void } | undefined;
  /** How long it stays; an undo stays longer than a plain word. */
  readonly closeMs?: number;
}

/** A button that shows a cross alone says nothing to a screen reader. */
const closeLabel = () => ({ closeButtonProps: { 'aria-label': i18next.t('common:close') } });

export function notify({ message, action, closeMs }: Notice): void {
  const id = notifications.show({
    withBorder: true, autoClose: closeMs ?? (action ? 9_000 : 4_500), icon: null, color: 'ink', ...closeLabel(),
    message: (
      <div className="row" style={{ justifyContent: 'space-between' }}>
        <span>{message}</span>
        {action ? <Button size="compact-xs" variant="light" style={{ flexShrink: 0 }} onClick={() => { notifications.hide(id); action.run(); }}>{action.label}</Button> : null}
      </div>
    ),
  });
}

/** What happened, what was not done, what to do; stays until it is closed. */
export function notifyError(error: unknown, t: TFunction, detail?: string): void {
  const described = describeError(error, t);
  notifications.show({ withBorder: true, autoClose: 15_000, color: 'yellow', ...closeLabel(), title: described.title, message: [detail, described.advice].filter(Boolean).join(' ') });
}

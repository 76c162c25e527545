import { ActionIcon, Button, Switch, Tooltip } from '@mantine/core';
import { IconFlask, IconHandStop, IconKeyboard, IconPlugConnected, IconPlugOff, IconSearch, IconShieldDollar } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import type { systemInfo } from '#contract/system.ts';
import { orpc } from '../rpc/client.ts';
import { useConnection } from '../rpc/connection.ts';
import { Confirm } from '../ui/confirm.tsx';
import { KeyHint } from '../ui/key-hint.tsx';
import { notifyError } from '../ui/notify.tsx';
import { openPalette } from './command-palette.tsx';
import { JobsMenu } from './jobs-menu.tsx';

type SystemInfo = z.infer<typeof systemInfo>;

function ModeBadge({ info }: { readonly info: SystemInfo }) {
  const { t } = useTranslation();
  return (
    <span className="mode-badge" data-mode={info.mode}>
      {info.mode === 'practice' ? <IconFlask size="1rem" aria-hidden="true" /> : <IconShieldDollar size="1rem" aria-hidden="true" />}
      {t(`frame:mode.${info.mode}`)}<small>{t(`frame:mode.${info.mode}-note`)}</small>
    </span>
  );
}

function ConnectionState() {
  const { t } = useTranslation();
  const { state } = useConnection();
  const Icon = state === 'offline' ? IconPlugOff : IconPlugConnected;
  return <Tooltip label={t(`frame:connection.${state}-note`)}><span className="connection" data-state={state} role="status"><Icon size="1rem" aria-hidden="true" /><span>{t(`frame:connection.${state}`)}</span></span></Tooltip>;
}

function KillSwitch({ on }: { readonly on: boolean }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [asking, ask] = useState(false);
  const set = useMutation(orpc.system.setKillSwitch.mutationOptions({
    onSuccess: (info) => { queries.setQueryData(orpc.system.info.queryKey(), info); ask(false); },
    onError: (error) => { ask(false); notifyError(error, t); },
  }));
  return (
    <>
      {on
        ? <Button variant="filled" color="yellow.4" autoContrast leftSection={<IconHandStop size="1rem" />} onClick={() => ask(true)}>{t('frame:kill.release')}</Button>
        : <Button variant="default" leftSection={<IconHandStop size="1rem" />} onClick={() => ask(true)}>{t('frame:kill.stop')}</Button>}
      <Confirm opened={asking} onClose={() => ask(false)} onConfirm={() => set.mutate({ on: !on })} busy={set.isPending} title={t(on ? 'frame:kill.release-title' : 'frame:kill.stop-title')} action={t(on ? 'frame:kill.release-action' : 'frame:kill.stop-action')}>
        <p>{t(on ? 'frame:kill.release-text' : 'frame:kill.stop-text')}</p>
        <Switch readOnly checked={!on} label={t(on ? 'frame:kill.now-off' : 'frame:kill.now-on')} size="sm" tabIndex={-1} style={{ pointerEvents: 'none' }} />
      </Confirm>
    </>
  );
}

export function TopBar({ info, onKeys }: { readonly info: SystemInfo | undefined; readonly onKeys: () => void }) {
  const { t } = useTranslation();
  return (
    <div className="topbar" role="region" aria-label={t('frame:bar')}>
      <button type="button" className="topbar-search" onClick={openPalette}><IconSearch size="1rem" aria-hidden="true" /><span className="topbar-words">{t('frame:search')}</span><KeyHint keys="Ctrl+K" /></button>
      {info ? <ModeBadge info={info} /> : null}
      <div className="grow" />
      <JobsMenu />
      <ConnectionState />
      <Tooltip label={t('common:keys.help')}><ActionIcon onClick={onKeys} aria-label={t('common:keys.help')}><IconKeyboard size="1.125rem" /></ActionIcon></Tooltip>
      <KillSwitch on={info?.killSwitch ?? false} />
    </div>
  );
}

import { ActionIcon, Button, Tooltip } from '@mantine/core';
import { IconFlask, IconHandStop, IconKeyboard, IconPlugConnected, IconPlugOff, IconSearch, IconShieldDollar } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import type { systemInfo } from '#contract/system.ts';
import { orpc } from '../rpc/client.ts';
import { useConnection } from '../rpc/connection.ts';
import { Confirm } from '../ui/confirm.tsx';
import { KeyHint } from '../ui/key-hint.tsx';
import { notifyError } from '../ui/notify.tsx';
import { useShortcuts } from '../ui/shortcuts.ts';
import { openPalette } from './command-palette.tsx';
import { JobsMenu } from './jobs-menu.tsx';

type SystemInfo = z.infer<typeof systemInfo>;

function ModeBadge({ info }: { readonly info: SystemInfo }) {
  const { t } = useTranslation();
  return (
    <Link to="/settings" search={{ tab: 'connections' } as never} className="mode-badge" data-mode={info.mode} title={t('frame:mode.change')}>
      {info.mode === 'practice' ? <IconFlask size="1rem" aria-hidden="true" /> : <IconShieldDollar size="1rem" aria-hidden="true" />}
      {t(`frame:mode.${info.mode}`)}<small>{t(`frame:mode.${info.mode}-note`)}</small>
    </Link>
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
  const held = useQuery({ ...orpc.approvals.heldBack.queryOptions(), enabled: asking && on });
  const set = useMutation(orpc.system.setKillSwitch.mutationOptions({
    onSuccess: (info) => { queries.setQueryData(orpc.system.info.queryKey(), info); ask(false); },
    onError: (error) => { ask(false); notifyError(error, t); },
  }));
  useShortcuts([{ keys: ['mod+.'], shown: 'Ctrl+.', label: t('frame:kill.key'), run: () => { if (on) ask(true); else set.mutate({ on: true }); }, inFields: true }]);
  return (
    <>
      {on
        ? <Button variant="filled" color="yellow.4" autoContrast leftSection={<IconHandStop size="1rem" />} onClick={() => ask(true)}>{t('frame:kill.release')}</Button>
        : <Button variant="default" leftSection={<IconHandStop size="1rem" />} loading={set.isPending} onClick={() => set.mutate({ on: true })}>{t('frame:kill.stop')}</Button>}
      <Confirm opened={asking && on} onClose={() => ask(false)} onConfirm={() => set.mutate({ on: false })} busy={set.isPending} title={t('frame:kill.release-title')} action={t('frame:kill.release-action')}>
        <p>{t('frame:kill.release-text')}</p>
        {held.data ? held.data.waiting.length === 0 ? <p className="small muted">{t('frame:kill.nothing-waits')}</p> : <ul className="small">{held.data.waiting.map((group) => <li key={group.kind}>{t(`frame:kill.waits.${group.kind}`, { count: group.count, defaultValue: t('frame:kill.waits.other', { count: group.count, kind: group.kind }) })}</li>)}</ul> : null}
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

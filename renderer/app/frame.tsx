import { useQuery } from '@tanstack/react-query';
import { Navigate, Outlet } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { orpc } from '../rpc/client.ts';
import { useConnection } from '../rpc/connection.ts';
import { useFormat } from '../ui/format.ts';
import { useShortcuts } from '../ui/shortcuts.ts';
import { AlertNotifier } from './alert-notifier.tsx';
import { NeedsNotifier } from './needs-notifier.tsx';
import { CommandPalette, openPalette } from './command-palette.tsx';
import { KeyList } from './key-list.tsx';
import { Rail } from './rail.tsx';
import { TopBar } from './top-bar.tsx';
import './frame.css';

function OfflineBanner() {
  const { t } = useTranslation();
  const format = useFormat();
  const connection = useConnection();
  if (connection.state !== 'offline') return null;
  return <div className="banner" role="alert"><strong>{t('frame:offline.title')}</strong> {t('frame:offline.text', { at: format.dateTime(connection.since) })}</div>;
}

function KillBanner({ on }: { readonly on: boolean }) {
  const { t } = useTranslation();
  return on ? <div className="banner" role="status"><strong>{t('frame:kill.banner')}</strong> {t('frame:kill.banner-text')}</div> : null;
}

/** Rail, top bar and the page. Everything in it is reached by keyboard; `?` shows how. */
export function Frame() {
  const { t } = useTranslation();
  const [keysShown, showKeys] = useState(false);
  const info = useQuery(orpc.system.info.queryOptions());
  useShortcuts([
    { keys: ['mod+k'], shown: 'Ctrl+K', label: t('common:keys.palette'), run: openPalette, inFields: true },
    { keys: ['?'], shown: '?', label: t('common:keys.help'), run: () => showKeys(true) },
  ]);
  if (info.data?.firstRun) return <Navigate to="/welcome" replace />;
  return (
    <div className="frame" data-mode={info.data?.mode}>
      <a className="skip-link" href="#main" onClick={(event) => { event.preventDefault(); document.getElementById('main')?.focus(); }}>{t('frame:skip-link')}</a>
      <Rail />
      <div className="frame-main">
        <TopBar info={info.data} onKeys={() => showKeys(true)} />
        <OfflineBanner />
        <KillBanner on={info.data?.killSwitch ?? false} />
        <main id="main" tabIndex={-1} className="frame-page"><Outlet /></main>
      </div>
      <AlertNotifier />
      <NeedsNotifier />
      <CommandPalette />
      <KeyList opened={keysShown} onClose={() => showKeys(false)} />
    </div>
  );
}

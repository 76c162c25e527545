import { Tabs } from '@mantine/core';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Page } from '../../ui/page.tsx';
import { AppearanceForm } from './appearance-form.tsx';
import { AuditLog } from './audit-log.tsx';
import { BusinessForm } from './business-form.tsx';
import { Connections } from './connections.tsx';
import { LimitsForm } from './limits-form.tsx';
import { ListingsForm } from './listings-form.tsx';
import { People } from './people.tsx';
import { TalksForm } from './talks-form.tsx';
import { TABS, type Tab } from './search.ts';
import './settings.css';

const route = getRouteApi('/frame/settings');
const PANELS = { limits: LimitsForm, business: BusinessForm, listings: ListingsForm, talks: TalksForm, people: People, audit: AuditLog, connections: Connections, appearance: AppearanceForm } as const;

export function SettingsPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { tab = 'limits' }: { tab?: Tab } = route.useSearch();
  return (
    <Page title={t('frame:page.settings')} scroll>
      <Tabs value={tab} onChange={(next) => void navigate({ to: '/settings', search: { tab: next } as never, replace: true })} keepMounted={false}>
        <Tabs.List>{TABS.map((name) => <Tabs.Tab key={name} value={name}>{t(`settings:tab.${name}`)}</Tabs.Tab>)}</Tabs.List>
        {TABS.map((name) => { const Panel = PANELS[name]; return <Tabs.Panel key={name} value={name} pt="md"><Panel /></Tabs.Panel>; })}
      </Tabs>
    </Page>
  );
}

import { useDirection, useMantineColorScheme } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { orpc } from '../rpc/client.ts';
import { writePreference } from '../ui/preferences.ts';
import { applyLanguage } from './i18n.ts';

/** Brings scheme, density and language of the settings to the window. */
export function AppearanceSync() {
  const { data } = useQuery(orpc.settings.appearance.queryOptions());
  const { setColorScheme } = useMantineColorScheme();
  const { setDirection } = useDirection();
  const value = data?.value;
  useEffect(() => {
    if (!value) return;
    setColorScheme(value.scheme);
    writePreference('density', value.density);
    void applyLanguage(value.locale).then(() => setDirection(document.documentElement.dir === 'rtl' ? 'rtl' : 'ltr'));
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [value?.scheme, value?.density, value?.locale]);
  return null;
}

import { DirectionProvider, MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClient, QueryClientProvider, useQuery } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { useEffect, useMemo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { codeOf } from '../rpc/describe-error.ts';
import { orpc } from '../rpc/client.ts';
import { followEvents } from '../rpc/live.ts';
import { EngineClockContext } from '../ui/engine-clock.ts';
import { FormatContext, formatterOf } from '../ui/format.ts';
import { readPreference, usePreference, writePreference } from '../ui/preferences.ts';
import { AppearanceSync } from './appearance.tsx';
import { router } from './router.tsx';
import { cssVariables, theme } from './theme.ts';

/** The engine is on this machine: no internet is needed, so queries run whatever the browser says about the network. */
const queries = new QueryClient({
  defaultOptions: {
    queries: { networkMode: 'always', staleTime: 15_000, gcTime: 10 * 60_000, refetchOnWindowFocus: false, retry: (count, error) => codeOf(error) === 'OFFLINE' && count < 2, retryDelay: 400 },
    mutations: { networkMode: 'always', retry: false },
  },
});

/** The engine's time (the practice market's can run faster), re-read with every answer of `system.info`. */
function EngineTime({ children }: { readonly children: ReactNode }) {
  const info = useQuery(orpc.system.info.queryOptions({ refetchInterval: 60_000 }));
  const now = info.data?.now;
  const speed = info.data?.practice?.speed;
  const clock = useMemo(() => ({ anchor: now ?? Date.now(), realAnchor: Date.now(), speed: speed && speed > 0 ? speed : 1 }), [now, speed]);
  return <EngineClockContext value={clock}>{children}</EngineClockContext>;
}

function Live({ children }: { readonly children: ReactNode }) {
  useEffect(() => {
    const stop = new AbortController();
    void followEvents(queries, stop.signal);
    return () => stop.abort();
  }, []);
  return children;
}

const storedScheme = () => readPreference<'light' | 'dark' | 'auto'>('scheme', 'auto');
/** The scheme of the last session shows at once; the engine's answer follows. */
const schemeManager = { get: () => storedScheme(), set: (value: string) => writePreference('scheme', value), subscribe() {}, unsubscribe() {}, clear() {} };

export function Desk() {
  const { i18n } = useTranslation();
  const [density] = usePreference<string>('density', 'normal');
  useEffect(() => { document.documentElement.dataset['density'] = density; }, [density]);
  return (
    <DirectionProvider initialDirection={i18n.dir() === 'rtl' ? 'rtl' : 'ltr'} detectDirection={false}>
      <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto" colorSchemeManager={schemeManager}>
        <QueryClientProvider client={queries}>
          <Live>
            <EngineTime>
              <FormatContext value={formatterOf(i18n.language)}>
                <AppearanceSync />
                <Notifications position="bottom-right" limit={4} />
                <RouterProvider router={router} />
              </FormatContext>
            </EngineTime>
          </Live>
        </QueryClientProvider>
      </MantineProvider>
    </DirectionProvider>
  );
}

import { useMutation, useQueryClient, type UseMutationResult } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { client, orpc } from '../rpc/client.ts';
import { notifyError } from './notify.tsx';

export type Market = 'practice' | 'live';
const LOOK_EVERY_MS = 400;
/** The other market has an engine and a folder of its own, and its first start makes them. */
const LOOKS = 150;

/** Chooses the market, and waits until its engine answers. In the Electron window the host loads the page anew meanwhile, and nothing below is reached. */
async function changeMarket(mode: Market): Promise<void> {
  await client.system.chooseMode({ mode });
  for (let look = 1; ; look++) {
    try {
      const info = await client.system.info();
      // The engine that was left still names its own market; one that was never opened before has not been told that it was chosen.
      if (info.mode === mode) return void (info.firstRun ? await client.system.chooseMode({ mode }) : null);
    } catch (error) {
      if (look >= LOOKS) throw error;
    }
    if (look >= LOOKS) throw new Error('the other market did not start');
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

/** Every answer that is kept belongs to the market that is left: all are asked for anew. */
export function useChangeMarket(onChanged: (mode: Market) => void): UseMutationResult<void, Error, Market> {
  const { t } = useTranslation();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: changeMarket,
    onSuccess: async (_nothing, mode) => {
      await queries.fetchQuery({ ...orpc.system.info.queryOptions(), staleTime: 0 });
      void queries.resetQueries();
      onChanged(mode);
    },
    onError: (error) => notifyError(error, t),
  });
}

import type { QueryClient } from '@tanstack/react-query';
import { client, orpc } from './client.ts';
import { setConnection } from './connection.ts';

/** How long changes are gathered before the lists that show them are fetched again. */
const GATHER_MS = 350;
/** No part is fetched again more often than this while changes stream in (a running scan). */
const EVERY_MS = 1_500;
/** A list scrolled far down holds many pages, and a refetch asks for each: it waits longer. */
const DEEP_PAGES = 6;
const DEEP_EVERY_MS = 12_000;
const RETRY_MS = [500, 1_000, 2_000, 5_000] as const;

/** Which parts of the contract show what a topic's first word is about. A topic that is not named here refreshes everything. */
const AREAS: Readonly<Record<string, readonly (keyof typeof orpc)[]>> = {
  opportunity: ['opportunities', 'approvals', 'system'], offer: ['opportunities', 'sources'], product: ['opportunities'], market: ['opportunities'],
  purchase: ['approvals', 'purchases', 'opportunities', 'stock', 'system'], approval: ['purchases', 'opportunities', 'system'], workflow: ['purchases', 'listings', 'system'],
  negotiation: ['negotiations', 'system'], stock: ['stock', 'system'], lot: ['stock', 'system'], listing: ['listings', 'stock', 'system'], order: ['orders', 'stock', 'ledger', 'system'],
  'order-message': ['orderMessages', 'support', 'system'], payment: ['payments', 'orders', 'stock', 'ledger', 'system'], payout: ['payments', 'ledger', 'reports'], ticket: ['support', 'system'], dispute: ['payments', 'system'],
  ledger: ['ledger', 'reports', 'capital', 'system'], team: ['approvals'], 'price-list': ['priceLists', 'system'], source: ['sources', 'system'], scan: ['sources', 'scans', 'opportunities', 'system'], alert: ['alerts', 'system'], watch: ['watches', 'system'], view: ['system', 'alerts'], run: ['sources', 'opportunities', 'system'], job: ['system', 'sources'],
  identity: ['identity', 'opportunities', 'system'], calibration: ['opportunities'],
  setting: ['settings', 'system'], settings: ['settings', 'assistant', 'capital', 'system'], connection: ['settings'], system: ['system'],
};
/** Plural topic words name the same areas. */
const areasOf = (topic: string): readonly (keyof typeof orpc)[] => {
  if (topic === 'source.scan-progress') return ['sources', 'scans'];
  if (topic === 'source.scan-ended') return ['sources', 'scans', 'opportunities', 'system'];
  const word = topic.split('.')[0] ?? topic;
  return AREAS[word] ?? AREAS[word.replace(/s$/, '')] ?? (Object.keys(orpc).filter((key) => key in client) as (keyof typeof orpc)[]);
};

type PagesData = { readonly pages?: readonly unknown[] } | undefined;

const isDeep = (data: unknown) => ((data as PagesData)?.pages?.length ?? 0) >= DEEP_PAGES;

function createRefresher(queries: QueryClient) {
  const waiting = new Set<keyof typeof orpc>();
  let timer: number | undefined;
  let lastRun = 0;
  let lastDeep = 0;
  const run = () => {
    timer = undefined;
    lastRun = Date.now();
    const withDeep = lastRun - lastDeep >= DEEP_EVERY_MS;
    if (withDeep) lastDeep = lastRun;
    for (const area of waiting) {
      const queryKey = (orpc[area] as { key(): readonly unknown[] }).key();
      void queries.invalidateQueries({ queryKey, predicate: (query) => withDeep || !isDeep(query.state.data) });
    }
    waiting.clear();
  };
  return (topic: string) => {
    for (const area of areasOf(topic)) waiting.add(area);
    timer ??= window.setTimeout(run, Math.max(GATHER_MS, EVERY_MS - (Date.now() - lastRun)));
  };
}

/** Follows live changes until `signal` aborts, reconnecting after the last event that was seen; on a new connection everything shown is fetched again. */
export async function followEvents(queries: QueryClient, signal: AbortSignal): Promise<void> {
  const refresh = createRefresher(queries);
  let after: number | undefined;
  let failures = 0;
  const pause = (ms: number) => new Promise<void>((resolve) => {
    const handle = window.setTimeout(resolve, ms);
    signal.addEventListener('abort', () => { window.clearTimeout(handle); resolve(); }, { once: true });
    window.addEventListener('online', () => resolve(), { once: true });
  });
  while (!signal.aborted) {
    try {
      const events = await client.system.events(after === undefined ? {} : { after }, { signal });
      setConnection('online');
      if (failures > 0) void queries.invalidateQueries();
      failures = 0;
      for await (const event of events) {
        after = event.seq;
        refresh(event.topic);
      }
    } catch {
      if (signal.aborted) return;
    }
    if (signal.aborted) return;
    failures += 1;
    setConnection(failures > 1 ? 'offline' : 'connecting');
    await pause(RETRY_MS[Math.min(failures, RETRY_MS.length) - 1]!);
  }
}

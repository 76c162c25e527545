import { keepPreviousData, type InfiniteData } from '@tanstack/react-query';
import { useMemo } from 'react';

interface Page<Row> { readonly items: readonly Row[]; readonly nextCursor: string | null; readonly total?: { readonly count: number; readonly capped: boolean } | undefined }

/** How every list asks for its pages. While a new filter is fetched the old rows stay. */
export const PAGING = {
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (last: { readonly nextCursor: string | null }) => last.nextCursor ?? undefined,
  placeholderData: keepPreviousData,
} as const;
export const PAGE_SIZE = 100;

export const cursorInput = (cursor: string | undefined) => (cursor === undefined ? { limit: PAGE_SIZE } : { limit: PAGE_SIZE, cursor });

export function useRows<Row>(data: InfiniteData<Page<Row>> | undefined): { readonly rows: readonly Row[]; readonly total: Page<Row>['total'] } {
  return useMemo(() => ({ rows: data?.pages.flatMap((page) => page.items) ?? [], total: data?.pages[0]?.total }), [data]);
}

import { useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { compact } from './search-params.ts';

interface Openable { readonly open?: string }
export interface ListAddress<S> {
  readonly change: (part: { readonly [K in keyof S]?: S[K] | undefined }) => void;
  /** As `change`, and a step that back undoes. */
  readonly narrow: (part: { readonly [K in keyof S]?: S[K] | undefined }) => void;
  /** Goes to another address of the page: a saved view. */
  readonly pick: (search: object) => void;
  readonly activeId: string | null;
  readonly show: (id: string) => void;
  readonly move: (id: string) => void;
  readonly close: () => void;
}

/** An address can ask for the page's form for a new thing: it opens once, and the address forgets it, so that a reload or a step back does not bring it again. */
export function useAskedForNew<S extends { readonly new?: true }>(search: S, address: Pick<ListAddress<S>, 'change'>, open: () => void): void {
  useEffect(() => {
    if (!search.new) return;
    open();
    address.change({ new: undefined } as { readonly [K in keyof S]?: S[K] | undefined });
    // Only the asking counts, not a page that is drawn again meanwhile.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [search.new]);
}

/** A list page's address and cursor: typing and ordering replace the address; choosing a filter, and opening and closing a detail, are steps that back undoes. */
export function useListAddress<S extends Openable>(search: S, to: string): ListAddress<S> {
  const navigate = useNavigate();
  const [cursor, setCursor] = useState<string | null>(search.open ?? null);
  const go = (next: object, replace: boolean) => void navigate({ to, search: compact(next), replace } as never);
  return {
    change: (part) => go({ ...search, ...part }, true),
    narrow: (part) => go({ ...search, ...part }, false),
    pick: (next) => go(next, false),
    activeId: search.open ?? cursor,
    show: (id) => { setCursor(id); go({ ...search, open: id }, search.open !== undefined); },
    move: (id) => { setCursor(id); if (search.open !== undefined) go({ ...search, open: id }, true); },
    close: () => go({ ...search, open: undefined }, false),
  };
}

/** Whoever lists stock tells under what it is listed. */
export interface LotListingsPort {
  listingsOf(lotIds: readonly string[]): Promise<ReadonlyMap<string, { readonly id: string; readonly state: string }>>;
}

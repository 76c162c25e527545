const tails = new Map<string, Promise<void>>();

/** Calls that set a listing's quantity at its channel run one after another: one that raises it must not land after one that lowers it. One program holds the data folder, so memory is enough. */
export async function withListing<T>(listingId: string, run: () => Promise<T>): Promise<T> {
  const before = tails.get(listingId) ?? Promise.resolve();
  const settled = Promise.withResolvers<void>();
  const tail = before.then(() => settled.promise);
  tails.set(listingId, tail);
  await before;
  try {
    return await run();
  } finally {
    settled.resolve();
    if (tails.get(listingId) === tail) tails.delete(listingId);
  }
}

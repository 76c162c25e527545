/**
 * Places of stock that lie with a channel: it counts, packs and sends what is there, and nobody else can sell it. A lot comes to such a place when it is moved there, once the units have been sent in.
 */
const WAREHOUSES: readonly { readonly place: string; readonly sells: (market: string) => boolean }[] = [{ place: 'Amazon FBA', sells: (market) => market.startsWith('amazon-') }];

export const WAREHOUSE_PLACES: readonly string[] = WAREHOUSES.map(({ place }) => place);
const at = (location: string) => WAREHOUSES.find(({ place }) => place.toLowerCase() === location.trim().toLowerCase());

/** Where units have to lie to be sent by this channel; null where it has no warehouse. */
export const warehouseOf = (market: string): string | null => WAREHOUSES.find(({ sells }) => sells(market))?.place ?? null;
/** Whether the units lie with this channel. */
export const liesWith = (location: string, market: string): boolean => at(location)?.sells(market) ?? false;
/** Whether they lie with another channel than this one, and cannot be sold on it. */
export const liesElsewhere = (location: string, market: string): boolean => at(location)?.sells(market) === false;

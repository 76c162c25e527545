/**
 * Places of stock that lie with a channel: it counts, packs and sends what is there, and nobody else can sell it. A lot comes to such a place when it is moved there, once the units have been sent in.
 */
const WAREHOUSES: readonly { readonly place: string; /** Units on their way there: nobody else can sell them, and the channel does not count them before it has them. */ readonly onTheWay: string; readonly sells: (market: string) => boolean }[] = [
  { place: 'Amazon FBA', onTheWay: 'On the way to Amazon FBA', sells: (market) => market.startsWith('amazon-') },
];

export const WAREHOUSE_PLACES: readonly string[] = WAREHOUSES.map(({ place }) => place);
const at = (location: string) => WAREHOUSES.find(({ place, onTheWay }) => [place, onTheWay].some((name) => name.toLowerCase() === location.trim().toLowerCase()));

/** Where units have to lie to be sent by this channel; null where it has no warehouse. */
export const warehouseOf = (market: string): string | null => WAREHOUSES.find(({ sells }) => sells(market))?.place ?? null;
/** Where units are while they are sent there; null where it has no warehouse. */
export const wayTo = (market: string): string | null => WAREHOUSES.find(({ sells }) => sells(market))?.onTheWay ?? null;
/** Whether the units lie with this channel, or are on their way to it. */
export const liesWith = (location: string, market: string): boolean => at(location)?.sells(market) ?? false;
/** Whether they lie with another channel than this one, and cannot be sold on it. */
export const liesElsewhere = (location: string, market: string): boolean => at(location)?.sells(market) === false;

export { createKeepa, type Keepa, type KeepaOptions } from './keepa.ts';
export { instantOf, keepaMinutesOf } from './decode-series.ts';

export { createKeepa, type KeepaOptions } from './keepa.ts';
export { instantOf, keepaMinutesOf } from './decode-series.ts';

export { registerWatching, scheduleWatching } from './look-when-due.ts';
export type { WatchDeps } from './look.ts';
export type { PageReaderPort, WatchedPage } from './ports.ts';
export { createWatchProcedures } from './procedures.ts';

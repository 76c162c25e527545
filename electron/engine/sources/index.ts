export { createSourcesProcedures } from './procedures.ts';
export type { SourcesDeps } from './deps.ts';
export { addSource, listSources, requireSource, retargetSource, startDueScans, startScan, viewRun, type NewSource, type RunView, type SourceView } from './manage-sources.ts';
export { countRuns, deleteOldRejects, findRun, findSource, findSources, insertRejects, setRunState, updateSource, type RunRecord, type SourceConfig, type SourceRecord, type SourceTerms } from './repo.ts';
export type { ConfigProblem, OpenSource, RawOffer, RawReject, ScanOptions, ScanPage, SitePolicy, SourceAdapter } from './ports.ts';

export { createSourcesProcedures } from './procedures.ts';
export type { SourcesDeps } from './deps.ts';
export { addSource, listSources, removeSource, requireSource, retargetSource, startDueScans, startScan, viewRun, type NewSource, type RunView, type SourceView } from './manage-sources.ts';
export { detectSource } from './detect-source.ts';
export { keepPageSample, maskPage, viewHealth, findDrift } from './view-health.ts';
export { countRunFields, countRuns, deleteOldRejects, findRun, hasEarlierPass, findRemovedSources, findSource, findSources, findStoredSources, insertRejects, setRunState, updateSource, type RunRecord, type SourceConfig, type SourceRecord, type SourceTerms, type StoredSource } from './repo.ts';
export { countFields, COVERED_FIELDS } from './ports.ts';
export { countFrontier, RunFrontier, type FrontierTools } from './run-frontier.ts';
export type { ConfigProblem, DetectedSite, ErrorPagePort, OpenSource, RawOffer, RawReject, ScanOptions, ScanPage, SiteDetectorPort, SourceSessionPort, PageInspectorPort, PageSamplePort, SitePolicy, SourceAdapter } from './ports.ts';

export { createReorderProcedures } from './procedures.ts';
export { DemandMemory } from './demand.ts';
export { suggestReorders, type ReorderDeps } from './suggest-reorders.ts';

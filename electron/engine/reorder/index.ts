export { createReorderProcedures } from './procedures.ts';
export type { ReorderDeps } from './suggest-reorders.ts';

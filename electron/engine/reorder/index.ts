export { createReorderProcedures } from './procedures.ts';

export type { ChargesDeps } from './deps.ts';
export { createChargeProcedures } from './procedures.ts';
export { READ_CHARGES, READ_CHARGES_EVERY_MS, readCharges, readChargesJob } from './read-charges.ts';

/** Where the money at hand goes: figures over opportunities, stock, purchases, books and limits. */
export { earningRate, planPurchases, type CapitalDeps } from './plan-purchases.ts';
export { createCapitalProcedures } from './procedures.ts';

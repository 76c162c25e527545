import { implement } from '@orpc/server';
import { capitalContract } from '#contract/capital.ts';
import { declaredErrors } from '#contract/errors.ts';
import { planPurchases, type CapitalDeps } from './plan-purchases.ts';

export function createCapitalProcedures(deps: CapitalDeps) {
  const os = implement(capitalContract).use(declaredErrors);
  return os.router({ plan: os.plan.handler(({ input }) => planPurchases(deps, input)) });
}

import type { AnyContractRouter } from '@orpc/contract';
import { createRouterClient } from '@orpc/server';
import type { ContractClient, ServedRouter } from './served-router.ts';

/** Calls the procedures in this thread, through the same validation, middleware and typed errors as the other transports. */
export function createInProcessClient<T extends AnyContractRouter>({ router, context }: ServedRouter): ContractClient<T> {
  return createRouterClient(router, { context }) as unknown as ContractClient<T>;
}

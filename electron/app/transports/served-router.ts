import type { AnyContractRouter, ContractRouterClient } from '@orpc/contract';
import type { AnyRouter, Context } from '@orpc/server';

/** A router with the context that its procedures start from: what every transport serves. */
export interface ServedRouter {
  readonly router: AnyRouter;
  readonly context: Context;
}

/** How a caller sees a contract: every procedure as an async function, whatever the transport. */
export type ContractClient<T extends AnyContractRouter> = ContractRouterClient<T>;

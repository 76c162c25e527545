import type { Exchange } from './record-traffic.ts';
import type { Spec } from './spec.ts';

/** Faults of every request and answer, and the operations that went by. */
export function examine(exchanges: readonly Exchange[], specOf: (path: string) => Spec | undefined) {
  const requestFaults: string[] = [];
  const answerFaults: string[] = [];
  const operations = new Set<string>();
  for (const exchange of exchanges) {
    if (exchange.path.endsWith('/token')) continue;
    const spec = specOf(exchange.path);
    if (!spec) {
      requestFaults.push(`no document for ${exchange.path}`);
      continue;
    }
    operations.add(spec.match(exchange.method, exchange.path)?.operation.id ?? exchange.path);
    requestFaults.push(...spec.checkRequest({ ...exchange, body: exchange.sent }).map((fault) => `${exchange.method} ${exchange.path}: ${fault}`));
    answerFaults.push(...spec.checkResponse({ ...exchange, body: exchange.answered }, 'forbid').map((fault) => `${exchange.method} ${exchange.path} ${exchange.status}: ${fault}`));
  }
  return { requestFaults, answerFaults, operations: [...operations].toSorted() };
}

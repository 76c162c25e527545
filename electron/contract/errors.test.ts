import { createRouterClient, implement } from '@orpc/server';
import { describe, expect, it } from 'vitest';
import { DomainError } from '#kernel/errors.ts';
import { declaredErrors } from './errors.ts';
import { purchasesContract } from './purchases.ts';

function clientThatThrows(error: Error) {
  const os = implement(purchasesContract).use(declaredErrors);
  return createRouterClient({ get: os.get.handler(() => { throw error; }) });
}

describe('declaredErrors', () => {
  it('answers a declared code as the typed error with its data', async () => {
    const client = clientThatThrows(new DomainError('NOT_FOUND', 'There is no purchase pur_1.', { kind: 'purchase', id: 'pur_1' }));
    await expect(client.get({ id: 'pur_1' })).rejects.toMatchObject({ code: 'NOT_FOUND', defined: true, status: 404, data: { kind: 'purchase', id: 'pur_1' } });
  });

  it('lets an undeclared code through as a bug', async () => {
    const client = clientThatThrows(new DomainError('SOMETHING_ELSE', 'not declared'));
    await expect(client.get({ id: 'pur_1' })).rejects.toBeInstanceOf(DomainError);
  });
});

import { ConnectorError } from '#kernel/errors.ts';
import type { ProviderHandle } from '#engine/payments/ports.ts';

/** A value that a provider's own handle has to hold. @throws ConnectorError Critical */
export function handleValue(connector: string, handle: ProviderHandle, name: string): string {
  const value = handle[name];
  if (value === undefined) throw new ConnectorError({ kind: 'Critical', connector, operation: 'read payment', message: `the stored payment has no ${name}` });
  return value;
}

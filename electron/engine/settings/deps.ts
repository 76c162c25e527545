import type { EngineContext } from '#runtime/ports.ts';
import type { ConnectionPort, SecretPort } from './ports.ts';

export interface SettingsDeps {
  readonly ctx: EngineContext;
  readonly secrets: SecretPort;
  readonly connections: readonly ConnectionPort[];
  /** Practice needs no accounts: its connections are what they are. */
  readonly practice: boolean;
}

import path from 'node:path';
import { DomainError, messageOf } from '#kernel/errors.ts';
import type { Logger } from '#kernel/log.ts';
import { openKeychainStore } from '#runtime/secrets/keychain-store.ts';
import type { SecretStore } from '#runtime/secrets/secret-store.ts';
import { openVaultStore } from '#runtime/secrets/vault-store.ts';

/** Names the passphrase of the encrypted vault, for a machine without a keychain. */
export const PASSPHRASE_VARIABLE = 'RESALE_DESK_PASSPHRASE';

/**
 * Where this desk keeps keys: the system's keychain, or, with a passphrase in the environment, an encrypted vault in the data folder. Opened when it
 * is first needed, so that practice never asks for a keychain. Where neither can be had, nothing can be stored and the reason is told;
 * a wrong passphrase is an error of its own.
 */
export function openSecrets(dataDir: string, logger: Logger): SecretStore {
  const passphrase = process.env[PASSPHRASE_VARIABLE];
  let opened: Promise<SecretStore> | null = null;
  const open = async (): Promise<SecretStore> => {
    try {
      return passphrase ? await openVaultStore(path.join(dataDir, 'secrets.vault'), passphrase) : await openKeychainStore();
    } catch (error) {
      // Asked again the next time: a keyring can be unlocked meanwhile.
      opened = null;
      logger.warn('no place for keys', { reason: messageOf(error) });
      if (error instanceof DomainError) throw error;
      throw new DomainError('KEYCHAIN_UNAVAILABLE', `the system's keychain cannot be used: ${messageOf(error)}`, { reason: messageOf(error) }, error);
    }
  };
  const store = () => (opened ??= open());
  /** Reading finds nothing where there is no store; only writing must fail. */
  const orNothing = async <T>(read: (store: SecretStore) => Promise<T>, nothing: T): Promise<T> => {
    try {
      return await read(await store());
    } catch (error) {
      if (error instanceof DomainError && error.code === 'KEYCHAIN_UNAVAILABLE') return nothing;
      throw error;
    }
  };
  return {
    get: (name) => orNothing((from) => from.get(name), null),
    list: () => orNothing((from) => from.list(), []),
    set: async (name, secret) => (await store()).set(name, secret),
    delete: async (name) => (await store()).delete(name),
  };
}

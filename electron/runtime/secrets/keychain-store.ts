import { AsyncEntry, findCredentialsAsync } from '@napi-rs/keyring';
import { DomainError, messageOf } from '#kernel/errors.ts';
import { checkSecretName, type SecretStore } from './secret-store.ts';

/** On Linux the Secret Service is pinned: without it a missing keyring falls back to the kernel's, which forgets at reboot. */
const OPTIONS = { linux: { store: 'secret-service' as const } };
const PROBE = '.probe';

const unavailable = (reason: string, cause?: unknown) => new DomainError('KEYCHAIN_UNAVAILABLE', `the system's keychain cannot be used: ${reason}`, { reason }, cause);

/**
 * The operating system's keychain, after a round trip has shown that it keeps what it is given (a locked one answers reads with nothing).
 * @throws DomainError KEYCHAIN_UNAVAILABLE {reason}
 */
export async function openKeychainStore(service = 'Resale Desk'): Promise<SecretStore> {
  await proveRoundTrip(service);
  return {
    async get(name) {
      checkSecretName(name);
      return read(service, name);
    },
    async set(name, secret) {
      checkSecretName(name);
      await write(service, name, secret);
      if ((await read(service, name)) !== secret) throw unavailable('it did not keep what it was given');
    },
    async delete(name) {
      checkSecretName(name);
      await remove(service, name);
    },
    async list() {
      const found = await guarded(() => findCredentialsAsync(service));
      return found.map((credential) => credential.account).filter((name) => name !== PROBE).sort();
    },
  };
}

// Making an entry already reaches for the store, and throws where there is none.
const read = (service: string, name: string) => guarded(async () => (await new AsyncEntry(service, name, OPTIONS).getPassword()) ?? null);
const write = (service: string, name: string, secret: string) => guarded(() => new AsyncEntry(service, name, OPTIONS).setPassword(secret));
const remove = (service: string, name: string) => guarded(() => new AsyncEntry(service, name, OPTIONS).deleteCredential());

async function guarded<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw unavailable(messageOf(error), error);
  }
}

async function proveRoundTrip(service: string): Promise<void> {
  const token = crypto.randomUUID();
  await write(service, PROBE, token);
  const kept = await read(service, PROBE);
  if (kept !== token) throw unavailable(kept ? 'another program writes to it at the same time' : 'it is locked');
  await remove(service, PROBE);
}

import type { SecretStore } from '#runtime/secrets/secret-store.ts';

/** Secrets for the life of the process: a practice run has none worth keeping. */
export function memorySecrets(): SecretStore {
  const kept = new Map<string, string>();
  return {
    get: async (name) => kept.get(name) ?? null,
    set: async (name, secret) => void kept.set(name, secret),
    delete: async (name) => void kept.delete(name),
    list: async () => [...kept.keys()].sort(),
  };
}

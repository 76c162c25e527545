import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { DomainError } from '#kernel/errors.ts';
import { Mutex } from '../mutex.ts';
import { checkSecretName, type SecretStore } from './secret-store.ts';

/** scrypt as OWASP advises for passwords: 128 MiB and about half a second for each guess. */
const COST = { N: 2 ** 17, r: 8, p: 1 };
const KEY_BYTES = 32;
const SHORTEST_PASSPHRASE = 12;

const base64 = z.string().regex(/^[A-Za-z0-9+/]+=*$/);
const vaultSchema = z.strictObject({
  format: z.literal('resale-desk-vault-1'),
  kdf: z.strictObject({ name: z.literal('scrypt'), N: z.int().min(2 ** 14).max(2 ** 20), r: z.int().min(1).max(32), p: z.int().min(1).max(16), salt: base64 }),
  iv: base64, tag: base64, data: base64,
});
type Vault = z.infer<typeof vaultSchema>;
type Kdf = Vault['kdf'];
const contentSchema = z.record(z.string(), z.string());

function deriveKey(passphrase: string, kdf: Kdf): Promise<Buffer> {
  const { N, r, p } = kdf;
  return new Promise((resolve, reject) => {
    scrypt(passphrase.normalize('NFKC'), Buffer.from(kdf.salt, 'base64'), KEY_BYTES, { N, r, p, maxmem: 256 * N * r }, (error, key) => (error ? reject(error) : resolve(key)));
  });
}

/** What the encryption also covers: nobody can weaken the parameters of a vault unnoticed. */
const boundTo = (kdf: Kdf) => Buffer.from(`resale-desk-vault-1:${kdf.N}:${kdf.r}:${kdf.p}:${kdf.salt}`);

function seal(secrets: Map<string, string>, key: Buffer, kdf: Kdf): Vault {
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, iv);
  cipher.setAAD(boundTo(kdf));
  const data = Buffer.concat([cipher.update(JSON.stringify(Object.fromEntries(secrets)), 'utf8'), cipher.final()]);
  return { format: 'resale-desk-vault-1', kdf, iv: iv.toString('base64'), tag: cipher.getAuthTag().toString('base64'), data: data.toString('base64') };
}

function unseal(vault: Vault, key: Buffer, file: string): Map<string, string> {
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(vault.iv, 'base64'), { authTagLength: 16 });
    decipher.setAAD(boundTo(vault.kdf));
    decipher.setAuthTag(Buffer.from(vault.tag, 'base64'));
    const text = Buffer.concat([decipher.update(Buffer.from(vault.data, 'base64')), decipher.final()]).toString('utf8');
    return new Map(Object.entries(contentSchema.parse(JSON.parse(text))));
  } catch (error) {
    throw new DomainError('VAULT_LOCKED', 'the passphrase does not open the vault, or the vault was changed', { file }, error);
  }
}

function readVault(file: string): Vault | null {
  let text: string;
  try {
    text = fs.readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new DomainError('VAULT_DAMAGED', `${file} is not a vault`, { file }, error);
  }
  const parsed = vaultSchema.safeParse(json);
  if (!parsed.success) throw new DomainError('VAULT_DAMAGED', `${file} is not a vault: ${z.prettifyError(parsed.error)}`, { file }, parsed.error);
  return parsed.data;
}

/** Replaces the file whole, readable by its owner alone: after a crash there is the old one or the new one. */
function writeVault(file: string, vault: Vault): void {
  const partial = `${file}.partial`;
  fs.rmSync(partial, { force: true });
  const handle = fs.openSync(partial, 'wx', 0o600);
  try {
    fs.writeFileSync(handle, `${JSON.stringify(vault, null, 2)}\n`);
    fs.fsyncSync(handle);
  } finally {
    fs.closeSync(handle);
  }
  fs.renameSync(partial, file);
}

/**
 * Secrets in one encrypted file (scrypt, AES-256-GCM), for hosts without a keychain. Made with the first secret.
 * @throws DomainError PASSPHRASE_TOO_SHORT, VAULT_LOCKED, VAULT_DAMAGED
 */
export async function openVaultStore(file: string, passphrase: string): Promise<SecretStore> {
  if (passphrase.length < SHORTEST_PASSPHRASE) throw new DomainError('PASSPHRASE_TOO_SHORT', `a passphrase has at least ${SHORTEST_PASSPHRASE} characters`, { least: SHORTEST_PASSPHRASE });
  fs.mkdirSync(path.dirname(file), { recursive: true });
  const present = readVault(file);
  const kdf = present?.kdf ?? { name: 'scrypt' as const, ...COST, salt: randomBytes(16).toString('base64') };
  const key = await deriveKey(passphrase, kdf);
  let secrets = present ? unseal(present, key, file) : new Map<string, string>();
  const turn = new Mutex();
  const change = async (edit: (copy: Map<string, string>) => boolean) => {
    const release = await turn.acquire();
    try {
      const copy = new Map(secrets);
      if (!edit(copy)) return;
      writeVault(file, seal(copy, key, kdf));
      secrets = copy;
    } finally {
      release();
    }
  };
  return {
    async get(name) {
      checkSecretName(name);
      return secrets.get(name) ?? null;
    },
    set(name, secret) {
      checkSecretName(name);
      return change((copy) => Boolean(copy.set(name, secret)));
    },
    delete(name) {
      checkSecretName(name);
      return change((copy) => copy.delete(name));
    },
    list: async () => [...secrets.keys()].sort(),
  };
}

/** Personal data at rest: each field sealed by itself (AES-256-GCM), found again by keyed hashes (HMAC-SHA-256). The keys live in the keychain or the vault, never in the data folder. */
import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { z } from 'zod';
import { DomainError } from '#kernel/errors.ts';
import { foldText } from '#kernel/fold-text.ts';
import type { SecretStore } from './secrets/secret-store.ts';

/** Every key that was ever in use, and the one that seals now. Keys are 32 bytes, base64. */
const keyRingSchema = z.strictObject({ current: z.string().regex(/^[a-z0-9]{4,16}$/), keys: z.record(z.string(), z.base64()) });
export type KeyRing = z.infer<typeof keyRingSchema>;

export interface FieldSeal {
  /** There is a key. */
  readonly ready: boolean;
  /** @param field which column it stands in, such as `Order.buyerName`: sealed text does not open anywhere else. @throws DomainError KEYCHAIN_UNAVAILABLE without a key. */
  seal(field: string, text: string): string;
  /** Text that was never sealed (rows of an older program) comes back as it is. @throws DomainError SEALED when its key is not in the ring, or a byte was changed. */
  open(field: string, sealed: string): string;
  /** Names a value without telling it: equal texts, folded, have equal marks. One `kind` cannot be compared with another. */
  mark(kind: string, text: string): string;
  /** The marks of every word of a text, between spaces, to be searched with `contains`. */
  words(text: string): string;
}

const PREFIX = 'sealed.';
const ENTRY = 'customer-data/keys';
const IV_BYTES = 12;
const TAG_BYTES = 16;
/** Of a mark: 96 bits, so that two texts never meet by chance. */
const MARK_CHARS = 16;

export const isSealed = (text: string): boolean => text.startsWith(PREFIX);

const subKey = (key: Buffer, use: string): Buffer => Buffer.from(hkdfSync('sha256', key, Buffer.alloc(0), `resale-desk ${use}`, 32));
const tokens = (text: string): string[] => [...new Set(foldText(text).split(/[^\p{L}\p{N}@._+-]+/u).filter((word) => word.length > 1))];

/** @param ring null: nothing can be sealed, because there is no place for a key. */
export function createFieldSeal(ring: KeyRing | null): FieldSeal {
  const derived = new Map<string, { readonly seal: Buffer; readonly mark: Buffer }>();
  const keyOf = (id: string) => {
    const known = derived.get(id);
    if (known) return known;
    const stored = ring?.keys[id];
    if (stored === undefined) return null;
    const key = Buffer.from(stored, 'base64');
    if (key.length !== 32) throw new Error(`the key ${id} of customer data is not 32 bytes long`);
    const made = { seal: subKey(key, 'seal'), mark: subKey(key, 'mark') };
    derived.set(id, made);
    return made;
  };
  const current = () => {
    const key = ring && keyOf(ring.current);
    if (!ring || !key) throw new DomainError('KEYCHAIN_UNAVAILABLE', 'There is no place for the key of customer data: open the keychain, or start with RESALE_DESK_PASSPHRASE set.', { reason: 'no key for customer data' });
    return { id: ring.current, ...key };
  };
  // marks must stay equal when the sealing key changes: the oldest key makes them
  const marking = () => {
    const oldest = ring && Object.keys(ring.keys)[0];
    const key = oldest ? keyOf(oldest) : null;
    return key ? key.mark : current().mark;
  };
  const mark = (kind: string, text: string) => createHmac('sha256', marking()).update(`${kind}\0${foldText(text).trim()}`).digest('base64url').slice(0, MARK_CHARS);
  return {
    ready: ring !== null,
    seal(field, text) {
      const key = current();
      const iv = randomBytes(IV_BYTES);
      const cipher = createCipheriv('aes-256-gcm', key.seal, iv).setAAD(Buffer.from(field));
      const data = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return `${PREFIX}${key.id}.${Buffer.concat([iv, cipher.getAuthTag(), data]).toString('base64url')}`;
    },
    open(field, sealed) {
      if (!isSealed(sealed)) return sealed;
      const [, id = '', body = ''] = sealed.split('.');
      const key = keyOf(id);
      if (!key) throw new DomainError('SEALED', `Customer data was sealed with the key ${id}, which is not in the keychain.`, { keyId: id });
      const bytes = Buffer.from(body, 'base64url');
      try {
        const decipher = createDecipheriv('aes-256-gcm', key.seal, bytes.subarray(0, IV_BYTES)).setAAD(Buffer.from(field)).setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
        return Buffer.concat([decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]).toString('utf8');
      } catch (cause) {
        throw new DomainError('SEALED', `What is stored in ${field} does not open: it was changed, or belongs elsewhere.`, { keyId: id, field }, cause);
      }
    },
    mark,
    words: (text) => tokens(text).map((word) => mark('word', word)).join(' '),
  };
}

/** What stands in a search box as marks; every one has to be among a row's words. */
export const searchMarks = (seal: FieldSeal, text: string): string[] => seal.words(text).split(' ').filter((found) => found !== '');

/**
 * The desk's key ring, made at the first start and kept in the secrets. Null where secrets cannot be kept: then no customer data is taken in, and the caller is told why at the first try.
 */
export async function openKeyRing(secrets: Pick<SecretStore, 'get' | 'set'>): Promise<KeyRing | null> {
  const stored = await secrets.get(ENTRY);
  if (stored !== null) return keyRingSchema.parse(JSON.parse(stored));
  const id = randomBytes(4).toString('hex');
  const ring: KeyRing = { current: id, keys: { [id]: randomBytes(32).toString('base64') } };
  try {
    await secrets.set(ENTRY, JSON.stringify(ring));
  } catch (error) {
    if (error instanceof DomainError && error.code === 'KEYCHAIN_UNAVAILABLE') return null;
    throw error;
  }
  return ring;
}

/** Of simulated people: made from a public text, it protects nothing and needs no keychain. For the practice market and tests alone. */
export function practiceKeyRing(seed: number | string): KeyRing {
  return { current: 'practice', keys: { practice: Buffer.from(hkdfSync('sha256', `practice ${seed}`, Buffer.alloc(0), 'resale-desk practice people', 32)).toString('base64') } };
}

import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openVaultStore } from './vault-store.ts';

let dir: string;
let file: string;
const PASSPHRASE = 'correct horse battery';
beforeEach(() => {
  dir = fs.mkdtempSync(path.join(os.tmpdir(), 'resale-desk-vault-'));
  file = path.join(dir, 'secrets.vault');
});
afterEach(() => fs.rmSync(dir, { recursive: true, force: true }));

describe('the vault', () => {
  it('keeps secrets over a restart, and lists their names', async () => {
    const vault = await openVaultStore(file, PASSPHRASE);
    await Promise.all([vault.set('keepa/key', 'k-1'), vault.set('ebay/token', 't-1'), vault.set('ebay/secret', 's-1')]);
    await vault.delete('ebay/secret');
    await vault.delete('never/there');
    const again = await openVaultStore(file, PASSPHRASE);
    expect([await again.get('keepa/key'), await again.get('ebay/secret'), await again.list()]).toEqual(['k-1', null, ['ebay/token', 'keepa/key']]);
  });

  it('shows neither names nor secrets in its file, which only its owner may read', async () => {
    await (await openVaultStore(file, PASSPHRASE)).set('keepa/key', 'very-secret-value');
    const text = fs.readFileSync(file, 'utf8');
    expect(text).not.toMatch(/keepa|very-secret-value/);
    expect(fs.statSync(file).mode & 0o777).toBe(0o600);
    expect(fs.readdirSync(dir)).toEqual(['secrets.vault']);
  });

  it('does not open with another passphrase, and is not harmed by the try', async () => {
    await (await openVaultStore(file, PASSPHRASE)).set('a/b', 'x');
    await expect(openVaultStore(file, 'another passphrase')).rejects.toMatchObject({ code: 'VAULT_LOCKED' });
    expect(await (await openVaultStore(file, PASSPHRASE)).get('a/b')).toBe('x');
  });

  it('notices a changed byte, weakened parameters, and a file that is none', async () => {
    await (await openVaultStore(file, PASSPHRASE)).set('a/b', 'x');
    const whole = JSON.parse(fs.readFileSync(file, 'utf8')) as { data: string; kdf: { N: number } };
    const data = Buffer.from(whole.data, 'base64');
    data[0]! ^= 1;
    fs.writeFileSync(file, JSON.stringify({ ...whole, data: data.toString('base64') }));
    await expect(openVaultStore(file, PASSPHRASE)).rejects.toMatchObject({ code: 'VAULT_LOCKED' });
    fs.writeFileSync(file, JSON.stringify({ ...whole, kdf: { ...whole.kdf, N: 2 ** 14 } }));
    await expect(openVaultStore(file, PASSPHRASE)).rejects.toMatchObject({ code: 'VAULT_LOCKED' });
    fs.writeFileSync(file, 'not a vault');
    await expect(openVaultStore(file, PASSPHRASE)).rejects.toMatchObject({ code: 'VAULT_DAMAGED' });
  });

  it('refuses a short passphrase and a name that no store could hold', async () => {
    await expect(openVaultStore(file, 'short')).rejects.toMatchObject({ code: 'PASSPHRASE_TOO_SHORT' });
    const vault = await openVaultStore(file, PASSPHRASE);
    await expect((async () => vault.set('', 'x'))()).rejects.toThrow(RangeError);
    await expect((async () => vault.get('line\nbreak'))()).rejects.toThrow(RangeError);
  });
});

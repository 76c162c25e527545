import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '../../..');
const hasKeyring = process.platform === 'linux' && ['dbus-run-session', 'gnome-keyring-daemon'].every((tool) => spawnSync('which', [tool]).status === 0);
if (!hasKeyring) process.stdout.write('skipped: the keychain needs dbus and gnome-keyring here\n');

/** Runs a script against the store in a process of its own, whose only keychain is what `command` gives it. */
function runScript(body: string, command: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const script = `import { openKeychainStore } from ${JSON.stringify(path.join(import.meta.dirname, 'keychain-store.ts'))};\n${body}`;
  const [program, ...args] = [...command, process.execPath, '--input-type=module-typescript', '-e', script];
  const done = spawnSync(program!, args, { cwd: root, encoding: 'utf8', timeout: 30_000, env: { ...process.env, ...env } });
  return { ...done, out: done.stdout.trim() };
}

describe('the keychain', () => {
  it.skipIf(!hasKeyring)('keeps, lists and deletes secrets in a real Secret Service', () => {
    const done = runScript(`
      const store = await openKeychainStore('Resale Desk test');
      await store.set('ebay/token', 't-1'); await store.set('keepa/key', 'ключ ✓');
      const kept = [await store.get('ebay/token'), await store.get('keepa/key'), await store.list()];
      await store.delete('ebay/token'); await store.delete('ebay/token');
      console.log(JSON.stringify([...kept, await store.get('ebay/token'), await store.list()]));`, [path.join(root, 'scripts/with-keyring.sh')]);
    expect(done.status, done.stderr).toBe(0);
    expect(JSON.parse(done.out)).toEqual(['t-1', 'ключ ✓', ['ebay/token', 'keepa/key'], null, ['keepa/key']]);
  });

  it.skipIf(process.platform !== 'linux')('says why it cannot be used where there is no Secret Service, instead of keeping secrets until the reboot', () => {
    const done = runScript(`await openKeychainStore().then(() => console.log('opened'), (error) => console.log(error.code, typeof error.data.reason));`, [], { DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nonexistent', XDG_RUNTIME_DIR: '/nonexistent' });
    expect(done.out, done.stderr).toBe('KEYCHAIN_UNAVAILABLE string');
  });
});

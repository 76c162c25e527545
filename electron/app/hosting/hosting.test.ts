import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLogger } from '#kernel/log.ts';
import { defaultDataDir, openDataDir, readApiToken } from './data-dir.ts';
import { openLog } from './open-log.ts';
import { openSecrets } from './open-secrets.ts';
import { openPracticeClock, PRACTICE_SPEED } from './practice-clock.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(path.join(os.tmpdir(), 'hosting-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));
const modeOf = (file: string) => statSync(file).mode & 0o777;

describe('data folder', () => {
  it('is where each platform keeps a program’s data', () => {
    expect(defaultDataDir({ platform: 'linux', home: '/home/a', env: {} })).toBe('/home/a/.local/share/resale-desk');
    expect(defaultDataDir({ platform: 'linux', home: '/home/a', env: { XDG_DATA_HOME: '/data' } })).toBe('/data/resale-desk');
    expect(defaultDataDir({ platform: 'linux', home: '/home/a', env: { XDG_DATA_HOME: 'relative' } })).toBe('/home/a/.local/share/resale-desk');
    expect(defaultDataDir({ platform: 'darwin', home: '/Users/a', env: {} })).toBe('/Users/a/Library/Application Support/Resale Desk');
    expect(defaultDataDir({ platform: 'win32', home: 'C:\\Users\\a', env: { LOCALAPPDATA: 'D:\\Local' } })).toBe('D:\\Local\\Resale Desk');
  });

  it.skipIf(process.platform === 'win32')('keeps other users out of the folder and the token', () => {
    const inside = path.join(dir, 'a/b');
    const opened = openDataDir(inside);
    const token = readApiToken(inside);
    expect([modeOf(inside), modeOf(path.join(inside, 'api-token'))]).toEqual([0o700, 0o600]);
    expect(token).toMatch(/^[\w-]{43}$/);
    expect(readApiToken(inside)).toBe(token);
    opened.release();
  });

  it('is held by one process alone, and free again when that ends', () => {
    const open = `const { openDataDir } = await import(${JSON.stringify(new URL('./data-dir.ts', import.meta.url).href)}); try { openDataDir(${JSON.stringify(dir)}); console.log('opened'); } catch (error) { console.log(error.code); }`;
    const elsewhere = () => spawnSync(process.execPath, ['--input-type=module', '-e', open], { encoding: 'utf8' }).stdout.trim();
    const opened = openDataDir(dir);
    expect(elsewhere()).toBe('DATA_IN_USE');
    opened.release();
    expect(elsewhere()).toBe('opened');
    const again = openDataDir(dir);
    expect(() => openDataDir(dir)).toThrow(/in use/);
    again.release();
  });

  it('replaces a token that is too short to be one', () => {
    writeFileSync(path.join(dir, 'api-token'), 'short\n');
    expect(readApiToken(dir)).toMatch(/^[\w-]{43}$/);
  });
});

describe('practice clock', () => {
  let wall = 1_800_000_000_000;

  it('runs an hour in ten seconds, and stands still while the program is closed', () => {
    const first = openPracticeClock(dir, 1, () => wall);
    expect(first).toMatchObject({ seed: 1, startedAt: wall, anchor: { anchor: wall, realAnchor: wall, speed: PRACTICE_SPEED } });
    const start = wall;
    wall += 10_000;
    first.close();
    wall += 86_400_000;
    const second = openPracticeClock(dir, 1, () => wall);
    expect(second.anchor).toEqual({ anchor: start + 3_600_000, realAnchor: wall, speed: PRACTICE_SPEED });
    expect(second.startedAt).toBe(start);
    second.close();
  });

  it('never goes back after a crash', () => {
    const crashed = openPracticeClock(dir, 7, () => wall);
    wall += 4_900;
    const reached = crashed.anchor.anchor + 4_900 * PRACTICE_SPEED;
    const after = openPracticeClock(dir, 7, () => wall);
    expect(after.anchor.anchor).toBeGreaterThanOrEqual(reached);
    crashed.close();
    after.close();
  });

  it('refuses another seed than the folder’s own, and a file that it cannot read', () => {
    openPracticeClock(dir, 7, () => wall).close();
    openPracticeClock(dir, 7, () => wall).close();
    expect(() => openPracticeClock(dir, 8, () => wall)).toThrow(/seed 7, not 8/);
    const text = readFileSync(path.join(dir, 'practice.json'), 'utf8');
    writeFileSync(path.join(dir, 'practice.json'), text.slice(0, 10));
    expect(() => openPracticeClock(dir, 7, () => wall)).toThrow(/practice\.json cannot be read/);
  });
});

describe('log', () => {
  it('writes one JSON object a line into a file of the day, with secrets masked', async () => {
    const log = await openLog(dir, 'engine');
    log.logger.child({ connector: 'ebay' }).warn('refused', { apiKey: 'k-123456', url: 'https://x.example/?token=abc123', error: new Error('no') });
    log.close();
    const [file] = readdirSync(path.join(dir, 'logs'));
    expect(file).toMatch(/^engine\.\d{4}-\d\d-\d\d\.\d+\.log$/);
    const line = JSON.parse(readFileSync(path.join(dir, 'logs', file!), 'utf8').trim()) as Record<string, unknown>;
    expect(line).toMatchObject({ part: 'engine', connector: 'ebay', msg: 'refused', apiKey: '[masked]', url: 'https://x.example/?token=[masked]', error: { message: 'no' } });
  });
});

describe('the place for keys', () => {
  const { env } = process;
  afterEach(() => {
    process.env = env;
  });

  it('finds nothing and keeps nothing where there is no keychain, and says why', async () => {
    process.env = { ...env, DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nowhere', RESALE_DESK_PASSPHRASE: '' };
    const secrets = openSecrets(dir, silentLogger);
    expect([await secrets.get('keepa/key'), await secrets.list()]).toEqual([null, []]);
    await expect(secrets.set('keepa/key', 'k')).rejects.toMatchObject({ code: 'KEYCHAIN_UNAVAILABLE', data: { reason: expect.stringMatching(/./) } });
  });

  it('is an encrypted vault where there is a passphrase', async () => {
    process.env = { ...env, RESALE_DESK_PASSPHRASE: 'correct horse battery' };
    await openSecrets(dir, silentLogger).set('keepa/key', 'very-secret-key');
    expect(await openSecrets(dir, silentLogger).get('keepa/key')).toBe('very-secret-key');
    expect(readFileSync(path.join(dir, 'secrets.vault'), 'latin1')).not.toContain('very-secret-key');
    process.env = { ...env, RESALE_DESK_PASSPHRASE: 'wrong horse battery' };
    await expect(openSecrets(dir, silentLogger).get('keepa/key')).rejects.toThrow(/passphrase/i);
  });
});

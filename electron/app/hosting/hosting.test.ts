import { spawnSync } from 'node:child_process';
import fs, { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { silentLogger } from '#kernel/log.ts';
import { DomainError } from '#kernel/errors.ts';
import { scaledClock } from '#kernel/time.ts';
import { defaultDataDir, ensureDataDir, openDataDir, readApiToken } from './data-dir.ts';
import { explainStart } from './explain-start.ts';
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

  it.skipIf(process.platform === 'win32')('leaves a folder as it is that was there with something in it, and keeps its own files in it private', async () => {
    const home = path.join(dir, 'home');
    mkdirSync(home);
    writeFileSync(path.join(home, 'letter.txt'), '');
    chmodSync(home, 0o755);
    ensureDataDir(home);
    expect(modeOf(home)).toBe(0o755);
    (await openLog(home, 'engine')).close();
    expect(modeOf(path.join(home, 'logs'))).toBe(0o700);
    // an empty one was made for it
    const empty = path.join(dir, 'empty');
    mkdirSync(empty);
    ensureDataDir(empty);
    expect(modeOf(empty)).toBe(0o700);
  });

  it('says why it cannot be used, and what to do', () => {
    writeFileSync(path.join(dir, 'a file'), '');
    for (const place of ['a file', 'a file/inside']) expect(() => ensureDataDir(path.join(dir, place))).toThrow(/cannot be used: a file is in its place\. Choose another with --data DIR/);
    for (const nameless of ['', ' ']) expect(() => ensureDataDir(nameless)).toThrow(/has no name/);
  });

  it('works under a name with spaces and letters of any script', () => {
    const named = path.join(dir, 'Mes données', 'بيانات', '資料 & “more”');
    const opened = openDataDir(named);
    expect([opened.path, readdirSync(path.join(dir, 'Mes données/بيانات'))]).toEqual([named, ['資料 & “more”']]);
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

describe('what cannot start', () => {
  it.each([
    ['database disk image is malformed', /database in \/d is damaged .* put the newest copy in its place/],
    ['file is not a database', /is damaged/],
    ['database or disk is full', /no space is left on the disk of \/d/],
    ['ENOSPC: no space left on device, write', /make room and start again/],
    ['attempt to write a readonly database', /may not write in \/d/],
    ['listen EADDRNOTAVAIL', /^listen EADDRNOTAVAIL$/],
  ])('%s is said with what to do', (said, told) => expect(explainStart(new Error(said), '/d')).toMatch(told));

  it('leaves alone what says it already, but for a copy that could not be taken', () => {
    expect(explainStart(new DomainError('MIGRATION_FAILED', 'undone: database or disk is full'), '/d')).toBe('undone: database or disk is full');
    expect(explainStart(new DomainError('BACKUP_INVALID', '/d/backups/x.sqlite.partial is damaged: page 3'), '/d')).toMatch(/database in \/d is damaged/);
  });
});

describe('practice clock', () => {
  let wall = 1_800_000_000_000;
  const real = { wall: () => wall, steady: () => wall };

  it('runs an hour in ten seconds, and stands still while the program is closed', () => {
    const first = openPracticeClock(dir, { seed: 1 }, real);
    expect(first).toMatchObject({ seed: 1, startedAt: wall, anchor: { anchor: wall, realAnchor: wall, speed: PRACTICE_SPEED } });
    const start = wall;
    wall += 10_000;
    first.close();
    wall += 86_400_000;
    const second = openPracticeClock(dir, { seed: 1 }, real);
    expect(second.anchor).toEqual({ anchor: start + 3_600_000, realAnchor: wall, speed: PRACTICE_SPEED });
    expect(second.startedAt).toBe(start);
    second.close();
  });

  it('goes as fast as it was told to last, as in life at 1', () => {
    openPracticeClock(dir, { seed: 5, speed: 1 }, real).close();
    const slow = openPracticeClock(dir, { seed: 5 }, real);
    const start = slow.clock.now();
    wall += 60_000;
    expect([slow.clock.now() - start, slow.anchor.speed]).toEqual([60_000, 1]);
    slow.close();
    const fast = openPracticeClock(dir, { seed: 5, speed: 3_600 }, real);
    const from = fast.clock.now();
    wall += 1_000;
    expect(fast.clock.now() - from).toBe(3_600_000);
    fast.close();
  });

  it('never goes back after a crash', () => {
    const crashed = openPracticeClock(dir, { seed: 7 }, real);
    wall += 4_900;
    const reached = crashed.anchor.anchor + 4_900 * PRACTICE_SPEED;
    const after = openPracticeClock(dir, { seed: 7 }, real);
    expect(after.anchor.anchor).toBeGreaterThanOrEqual(reached);
    crashed.close();
    after.close();
  });

  it('keeps its pace while the machine’s clock is set back, and the market’s thread agrees with it', () => {
    let steady = 40_000;
    const set = openPracticeClock(dir, { seed: 3 }, { wall: () => wall, steady: () => steady });
    const before = set.clock.now();
    wall -= 3_600_000;
    steady += 1_000;
    expect(set.clock.now() - before).toBe(1_000 * PRACTICE_SPEED);
    expect(scaledClock(set.anchor, () => steady).now()).toBe(set.clock.now());
    set.close();
    wall += 3_600_000;
  });

  it('refuses another seed than the folder’s own, and a file that it cannot read', () => {
    openPracticeClock(dir, { seed: 7 }, real).close();
    openPracticeClock(dir, { seed: 7 }, real).close();
    expect(() => openPracticeClock(dir, { seed: 8 }, real)).toThrow(/seed 7, not 8/);
    const text = readFileSync(path.join(dir, 'practice.json'), 'utf8');
    writeFileSync(path.join(dir, 'practice.json'), text.slice(0, 10));
    expect(() => openPracticeClock(dir, { seed: 7 }, real)).toThrow(/practice\.json cannot be read/);
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

describe('a log on a full disk', () => {
  it('loses its lines, and ends nothing', async () => {
    const log = await openLog(dir, 'engine');
    const full = vi.spyOn(fs, 'writeSync').mockImplementation(() => {
      throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
    });
    try {
      log.logger.info('not kept');
      // an error that nobody listens to would be thrown by now, or in the next turn
      await new Promise((resolve) => setImmediate(resolve));
      expect(full).toHaveBeenCalled();
    } finally {
      full.mockRestore();
      log.close();
    }
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

import { accessSync, constants, existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { silentLogger, type LogFields } from '#kernel/log.ts';
import { messageOf } from '#kernel/errors.ts';
import { openSecrets, PASSPHRASE_VARIABLE } from '#app/hosting/open-secrets.ts';
import type { Answer } from './answer.ts';
import { table } from './print.ts';

export interface DoctorPlace {
  readonly rootDir: string;
  readonly dataDir: string;
  readonly version: string;
}

type Finding = { readonly check: string; readonly state: 'ok' | 'warning' | 'broken'; readonly detail: string };

function checkNode(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const fits = major > 22 || (major === 22 && minor >= 12);
  return { check: 'Node', state: fits ? 'ok' : 'broken', detail: `${process.versions.node}${fits ? '' : ': 22.12 or newer is needed'}` };
}

function checkDataDir(dir: string): Finding {
  try {
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    accessSync(dir, constants.R_OK | constants.W_OK);
    const open = process.platform !== 'win32' && (statSync(dir).mode & 0o077) !== 0;
    return { check: 'data folder', state: open ? 'warning' : 'ok', detail: open ? `${dir} can be read by other users of this machine: chmod 700` : dir };
  } catch (error) {
    return { check: 'data folder', state: 'broken', detail: messageOf(error) };
  }
}

/** Reads beside a running desk: SQLite's own check of the file, and our promise that the books balance. */
function checkDatabase(file: string, name: string): Finding {
  if (!existsSync(file)) return { check: `database (${name})`, state: 'ok', detail: 'not made yet' };
  const db = new DatabaseSync(file, { readOnly: true });
  try {
    const check = String(Object.values(db.prepare('PRAGMA integrity_check(1)').get() ?? {})[0]);
    if (check !== 'ok') return { check: `database (${name})`, state: 'broken', detail: check };
    const uneven = db.prepare('SELECT count(*) AS n FROM (SELECT entryId FROM "LedgerLine" GROUP BY entryId, currency HAVING sum(minor) <> 0)').get() as { n: number };
    const migrations = db.prepare('SELECT count(*) AS n FROM "_prisma_migrations"').get() as { n: number };
    return uneven.n > 0 ? { check: `database (${name})`, state: 'broken', detail: `${uneven.n} ledger entries do not balance` } : { check: `database (${name})`, state: 'ok', detail: `sound, ${migrations.n} migrations, books balance` };
  } catch (error) {
    return { check: `database (${name})`, state: 'broken', detail: messageOf(error) };
  } finally {
    db.close();
  }
}

const marketsIn = (dataDir: string) => (existsSync(dataDir) ? readdirSync(dataDir).filter((name) => name === 'live' || name.startsWith('practice-')).sort() : []);

/** Reads one name: nothing is written, and a keychain that is not there says so. */
async function checkSecrets(dataDir: string): Promise<Finding> {
  let reason: string | null = null;
  const hear = (_event: string, fields?: LogFields) => void (reason = String(fields?.['reason'] ?? 'not available'));
  await openSecrets(dataDir, { ...silentLogger, warn: hear }).list();
  return { check: 'keys', state: reason === null ? 'ok' : 'warning', detail: reason === null ? 'can be kept' : `${reason}; or set ${PASSPHRASE_VARIABLE} for an encrypted vault` };
}

function checkBrowser(rootDir: string): Finding {
  const built = existsSync(path.join(rootDir, 'out/renderer/index.html'));
  return { check: 'desk', state: built ? 'ok' : 'warning', detail: built ? 'built' : 'not built yet: npm start builds it' };
}

/** What a person would otherwise have to find out by trial. */
export async function runDoctor({ rootDir, dataDir, version }: DoctorPlace): Promise<Answer> {
  const findings = [
    checkNode(), checkDataDir(dataDir), ...marketsIn(dataDir).map((name) => checkDatabase(path.join(dataDir, name, 'desk.sqlite'), name)), await checkSecrets(dataDir), checkBrowser(rootDir),
  ];
  const broken = findings.some((f) => f.state === 'broken');
  return {
    json: { version, dataDir, findings }, exitCode: broken ? 1 : 0,
    text: `Resale Desk ${version}\n${table(['check', 'state', 'detail'], findings.map((f) => [f.check, f.state, f.detail]))}`,
  };
}

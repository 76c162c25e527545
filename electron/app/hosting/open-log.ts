// oxlint-disable-next-line typescript/triple-slash-reference -- the declaration of an untyped module has nothing to import
/// <reference path="./pino-roll.d.ts" />
import path from 'node:path';
import { pino } from 'pino';
import buildRolling from 'pino-roll';
import { maskSecrets } from '#kernel/log.ts';
import type { LogFields, Logger } from '#kernel/log.ts';
import { ensureDataDir } from './data-dir.ts';

/** Days of log that are kept beside today's. */
const DAYS_KEPT = 30;

export interface Log {
  readonly logger: Logger;
  /** Each line is written before its call returns, so the last words before a crash are in the file; this only lets go of it. */
  close(): void;
}

/**
 * A structured log in `logs/<part>.<day>.<number>.log` of the data folder: one JSON object a line, a new file each day, 30 days kept. Fields that
 * can hold a secret are masked before they are written.
 * @param part `host`, `engine`, …: each thread writes files of its own
 */
export async function openLog(dataDir: string, part: string): Promise<Log> {
  const stream = await buildRolling({ file: path.join(ensureDataDir(path.join(dataDir, 'logs')), part), frequency: 'daily', dateFormat: 'yyyy-MM-dd', size: '50m', sync: true, limit: { count: DAYS_KEPT, removeOtherLogFiles: true } });
  // a full disk costs the log its lines, and not the program its life
  stream.on('error', () => {});
  const base = pino({ level: process.env['RESALE_LOG_LEVEL'] ?? 'info', base: { part }, timestamp: pino.stdTimeFunctions.isoTime }, stream);
  return { logger: asLogger(base), close: () => stream.end() };
}

function asLogger(target: pino.Logger): Logger {
  const write = (level: 'debug' | 'info' | 'warn' | 'error') => (event: string, fields: LogFields = {}) => target[level](maskSecrets(fields) as object, event);
  return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error'), child: (fields) => asLogger(target.child(maskSecrets(fields) as Record<string, unknown>)) };
}

import { DomainError, messageOf } from '#kernel/errors.ts';

const DAMAGED = /database disk image is malformed|file is not a database|\.partial is damaged/;
const FULL = /ENOSPC|database or disk is full/;
const FORBIDDEN = /\b(EACCES|EPERM|EROFS)\b|readonly database|unable to open database file/;

/** Why the engine could not start, for the person: what the system said, and what to do. @param folder of the market */
export function explainStart(error: unknown, folder: string): string {
  const said = messageOf(error);
  // these say by themselves what to do; only a copy that cannot be taken speaks of the copy
  if (error instanceof DomainError && error.code !== 'BACKUP_INVALID') return said;
  if (DAMAGED.test(said)) {
    return `the database in ${folder} is damaged (${said}). "resale doctor" says more. Nothing was changed; copies from before each change of its layout are in its folder "backups": with the desk closed, keep desk.sqlite elsewhere and put the newest copy in its place`;
  }
  if (FULL.test(said)) return `no space is left on the disk of ${folder} (${said}): make room and start again; what was recorded is kept`;
  if (FORBIDDEN.test(said)) return `this user may not write in ${folder} (${said}): give the right to, or choose another folder with --data DIR`;
  return said;
}

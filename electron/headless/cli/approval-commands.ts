import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { auditHeadFile } from '#contract/approvals.ts';
import { messageOf } from '#kernel/errors.ts';
import { UsageError } from '../parse-options.ts';
import type { DeskClient } from './desk-client.ts';
import type { Answer } from './answer.ts';
import type { CommandInput } from './desk-commands.ts';
import { amount, short, table, when } from './print.ts';

type Audited = Pick<DeskClient, 'approvals'>;
const PROBLEMS = { changed: 'was changed', missing: 'is missing', 'out-of-order': 'is out of order', 'cut-off': 'and all after it were cut off', 'other-history': 'is not the one that was remembered' } as const;

/** The newest row goes into a file of its own, to be kept elsewhere; never over another one. */
async function exportHead(client: Audited, file: string | undefined): Promise<Answer> {
  const head = await client.approvals.exportAuditHead({});
  const target = path.resolve(file ?? `audit-head-${head.seq}.json`);
  try {
    writeFileSync(target, `${JSON.stringify(head, null, 2)}\n`, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') throw new UsageError(`${target} is there already: name another file`);
    throw error;
  }
  return { json: { ...head, file: target }, text: `Row ${head.seq} of ${head.count}, written ${when(head.at)} UTC, is kept in ${target}.\nKeep it on another machine: resale audit verify FILE shows whether the log still holds it.` };
}

function readHeadFile(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${messageOf(error)}`);
  }
}

const BOOK_PROBLEMS: Readonly<Record<'changed' | 'missing' | 'unsealed' | 'earlier', string>> = { changed: 'was changed', missing: 'is missing', unsealed: 'was not booked by this program', earlier: 'or another of those from before bookings were in the log was changed' };

/** Checks the whole audit log and the ledger by it, and names the first row that is not what it was; or keeps its newest row elsewhere. */
async function audit(client: Audited, { args }: Pick<CommandInput, 'args'>): Promise<Answer> {
  const [verb, file] = args;
  if (verb === 'export') return exportHead(client, file);
  if (verb !== 'verify') throw new UsageError('the audit commands are: audit verify [FILE], audit export [FILE]');
  const exported = file === undefined ? undefined : auditHeadFile.safeParse(readHeadFile(file));
  if (exported?.success === false) throw new UsageError(`${file} is no head of an audit log: resale audit export makes one`);
  const report = await client.approvals.verifyAudit(exported ? { exported: exported.data } : {});
  const anchor = report.anchor ? `Row ${report.anchor.seq} is remembered in the ${report.anchor.keptIn} since ${when(report.anchor.at)} UTC.` : 'No row was remembered before.';
  const head = report.head ? `Newest row ${report.head.seq}: ${report.head.hash}` : 'The log is empty.';
  const { books } = report;
  const booked = books.broken ? `NOT SOUND: the ledger is not what was booked: ${books.broken.entryId || 'an entry'} ${BOOK_PROBLEMS[books.broken.problem]}.` : `Ledger: ${books.entries} entries, each as it was booked.`;
  const text = report.broken ? `NOT SOUND: row ${report.broken.seq} ${PROBLEMS[report.broken.problem]}. ${report.rows} rows before it are sound.` : `Sound: ${report.rows} rows checked in ${report.tookMs} ms.`;
  const kept = exported ? `\nRow ${exported.data.seq} of ${file} ${report.sound ? 'is in it, unchanged.' : 'was compared too.'}` : '';
  return { json: report, text: `${text}\n${booked}\n${head}\n${anchor}${kept}`, exitCode: report.sound ? 0 : 1 };
}

/** Recomputes an approval from what was frozen with it. */
async function approval(client: DeskClient, { args }: CommandInput): Promise<Answer> {
  const [verb, id] = args;
  if (verb !== 'show' || !id) throw new UsageError('the approval command is: approval show ID, with the id of an approval or a purchase');
  const replay = await client.approvals.replay({ id });
  const lines = [
    `${replay.approvalId}: ${replay.title}`, `Approved ${when(replay.approvedAt)} UTC by ${replay.consents.map((c) => `${c.name} (${c.channel})`).join(', ') || 'nobody on record'}; runs out ${when(replay.expiresAt)} UTC.`,
    table(['what', 'as frozen', 'recomputed', ''], replay.checks.map((c) => [c.code, c.frozen, c.recomputed, c.equal ? 'equal' : 'DIFFERS'])),
    `Versions: ${Object.entries(replay.versions).map(([name, version]) => `${name} ${version}`).join(', ') || 'not kept'}`,
    replay.equal ? 'Everything recomputed is equal.' : 'SOMETHING DIFFERS.',
  ];
  return { json: replay, text: lines.join('\n'), exitCode: replay.equal ? 0 : 1 };
}

/** Whether everything is stopped, and what goes on once it is not. */
function readHeldWords(held: { readonly on: boolean; readonly waiting: readonly { readonly kind: string; readonly count: number }[] }): string {
  const waiting = held.waiting.map((group) => `${group.count} × ${group.kind}`).join(', ');
  if (!held.on) return waiting === '' ? 'Nothing is stopped.' : `What waited goes on: ${waiting}.`;
  return `Everything that goes out is stopped. ${waiting === '' ? 'Nothing waits.' : `On release these go on: ${waiting}.`}`;
}

/** Stops everything that goes out, says what waits, or allows it again. */
async function kill(client: DeskClient, { args }: CommandInput): Promise<Answer> {
  const [verb = 'status', word] = args;
  if (!['on', 'status', 'release'].includes(verb)) throw new UsageError('the kill command is: kill on, kill status or kill release yes');
  if (verb === 'on') await client.system.setKillSwitch({ on: true });
  const held = await client.approvals.heldBack({});
  if (verb === 'release' && word !== 'yes') return { json: held, text: `${readHeldWords(held)}\nTo release: resale kill release yes`, exitCode: held.on ? 1 : 0 };
  if (verb === 'release') await client.system.setKillSwitch({ on: false });
  const now = verb === 'release' ? { ...held, on: false, since: null, by: null } : held;
  return { json: now, text: verb === 'release' ? `Released. ${readHeldWords({ ...held, on: false })}` : readHeldWords(held) };
}

/** What waits for a decision. */
async function inbox(client: DeskClient): Promise<Answer> {
  const answer = await client.approvals.inbox({});
  const rows = answer.items.map((item) => [item.kind, item.id, short(item.title), item.quantity, amount(item.total), item.expiresAt === null ? '' : when(item.expiresAt)]);
  return { json: answer, text: rows.length === 0 ? 'Nothing waits for a decision.' : table(['kind', 'id', 'title', 'quantity', 'at most', 'runs out'], rows) };
}

export const APPROVAL_COMMANDS = { audit, approval, kill, inbox } as const;

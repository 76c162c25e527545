import type { EngineContext, Tx } from '#runtime/ports.ts';
import { condense, faultOf, sameBooking, type NewEntry } from './entry.ts';
import { BookingError } from './errors.ts';
import { findEntry, insertEntry } from './repo.ts';
import { sealEntry } from './seal-entry.ts';

export interface LedgerDeps {
  readonly ctx: Pick<EngineContext, 'db' | 'clock' | 'ids' | 'outbox' | 'audit'>;
}

/**
 * Books an entry in the caller's transaction, once for each key: the same booking again changes nothing and answers with the first one's id.
 * An entry whose lines come to nothing is not written (null). What is written stands in the audit log's chain.
 * @throws BookingError when it does not balance in every currency, names an account that the chart does not have, or its key stands for another booking.
 */
export async function post(deps: LedgerDeps, tx: Tx, entry: NewEntry): Promise<string | null> {
  const fault = faultOf(entry);
  if (fault !== null) throw new BookingError(entry.key, fault);
  const booking = { ...entry, lines: condense(entry.lines) };
  const earlier = await findEntry(tx, entry.key);
  if (earlier) {
    if (!sameBooking(earlier, booking)) throw new BookingError(entry.key, 'this key stands for another booking');
    return earlier.id;
  }
  if (booking.lines.length === 0) return null;
  const id = deps.ctx.ids.next('ledgerEntry');
  await insertEntry(tx, id, booking);
  await sealEntry(deps, tx, id, booking);
  await deps.ctx.outbox.add(tx, 'ledger.posted', id, { kind: entry.kind, refKind: entry.ref.kind, refId: entry.ref.id });
  return id;
}

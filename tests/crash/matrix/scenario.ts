import type { ManualClock } from '#kernel/time.ts';
import type { VendorServer } from '#practice/vendors/host.ts';
import type { CrashProbe, Database } from '#runtime/ports.ts';

/** What the vendors and the books say after it all. Empty lists are what is wanted; each line names what was counted. */
export interface Tally {
  /** Effects at the vendors in all. */
  readonly effects: number;
  readonly duplicates: readonly string[];
  readonly losses: readonly string[];
  readonly unbalanced: readonly string[];
}

/** The outside world of one run. It lives in the test's process, and so outlives the one that is killed. */
export interface OpenMarket {
  readonly clock: ManualClock;
  /** Addresses and the like for the child. */
  readonly facts: Readonly<Record<string, string>>;
  readonly vendors: Readonly<Record<string, Pick<VendorServer, 'setFaults' | 'counts'>>>;
  /** Brings the world to its clock. */
  catchUp(): void;
  /** What a person would see who looks into an account at the vendor. */
  look(question: string): string;
  /** Writes what stands before the run, and names what the child has to know of it. */
  prepare(db: Database): Promise<Readonly<Record<string, string>>>;
  tally(db: Database): Promise<Tally>;
  close(): Promise<void>;
}

/** A process that carries a scenario out, and may be killed. */
export interface ChildContext {
  readonly db: Database;
  readonly clock: ManualClock;
  readonly probe: CrashProbe;
  /** The same at each first start of a scenario and seed, and another one after a kill. */
  readonly seed: string;
  readonly facts: Readonly<Record<string, string>>;
  /** Moves the market's clock, then the own one. */
  advanceTo(to: number): Promise<void>;
  /** Tells the market's clock alone. */
  tellMarket(to: number): Promise<void>;
  look(question: string): Promise<string>;
}

export interface Scenario {
  readonly name: string;
  /** Effects and transactions that a run passes, as `effect:NAME` and `transact:NAME`: a run that passes others, or not all of them, fails. */
  readonly steps: readonly string[];
  /** Routes at which faults are tried, where not at all that are called: those that other scenarios do not call. `ROUTE MARK` is the calls of a route whose body holds the mark. */
  readonly faultsAt?: readonly string[];
  open(seed: number): Promise<OpenMarket>;
  /** From the beginning to the end, or from wherever an earlier process was killed. */
  carry(context: ChildContext): Promise<void>;
}

/** `what` must have happened `want` times. */
export function count(lists: { readonly duplicates: string[]; readonly losses: string[] }, what: string, { have, want }: { readonly have: number; readonly want: number }): void {
  if (have > want) lists.duplicates.push(`${what}: ${have} in the place of ${want}`);
  if (have < want) lists.losses.push(`${what}: ${have} of ${want}`);
}

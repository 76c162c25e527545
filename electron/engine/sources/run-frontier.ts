import type { Clock, Instant } from '#kernel/time.ts';
import { MINUTE_MS } from '#kernel/time.ts';
import { numbered } from '#runtime/numbered-sql.ts';
import type { Database, Tx } from '#runtime/ports.ts';
import { ADD_FOUND, CLAIM_DUE, COUNT_STATES, FORGET_OTHER_RUNS, FREE_DEAD_CLAIMS, NEXT_DUE, RELEASE, SETTLE } from './frontier-sql.ts';
import type { CrawlFrontier, CrawlStep, FrontierClaim, FrontierCounts, FrontierKind, FrontierOutcome } from './ports.ts';

/** Longer than any step takes: within one start of the program a run has one worker, and its claims are given back when it fails. */
const LEASE_MS = 30 * MINUTE_MS;
const ANY_PRIORITY = 1_000_000;

export interface FrontierTools {
  readonly db: Database;
  readonly clock: Clock;
  /** Names this start of the program; claims of any other died with it, since one program alone holds the data folder. */
  readonly owner: string;
}

interface ClaimRow {
  readonly place: number | bigint; readonly key: string; readonly url: string; readonly kind: string; readonly depth: number | bigint; readonly priority: number | bigint; readonly changed: string | null; readonly attempts: number | bigint;
}

/** The frontier of one run, in the database. Nothing is read or written before its first use: most kinds of source have no need of one. */
export class RunFrontier implements CrawlFrontier {
  readonly #tools: FrontierTools;
  readonly #sourceId: string;
  readonly #runId: string;
  #opened: Promise<void> | null = null;
  /** Of pages; kept along, for counting a large frontier at every step would cost more than reading it. */
  #counts = { known: 0, done: 0, failed: 0 };
  #sitemaps = 0;
  constructor(tools: FrontierTools, run: { readonly sourceId: string; readonly runId: string }) {
    this.#tools = tools;
    this.#sourceId = run.sourceId;
    this.#runId = run.runId;
  }

  async isEmpty(): Promise<boolean> {
    await this.#open();
    return this.#counts.known === 0 && this.#sitemaps === 0;
  }

  async add(step: CrawlStep): Promise<void> {
    await this.#open();
    await this.#tools.db.transaction((tx) => this.write(tx, step));
  }

  /** As `add`, in the transaction that stores what the step read: a step was claimed before, so the frontier is open by then. */
  async write(tx: Tx, { settled, found }: CrawlStep): Promise<void> {
    if (settled.length > 0) {
      const rows = settled.map((o) => [o.key, o.state === 'again' ? 'queued' : o.state, o.dueAt ?? null, o.error?.slice(0, 500) ?? null]);
      await tx.$executeRawUnsafe(...numbered(SETTLE, this.#sourceId, JSON.stringify(rows)));
    }
    if (found.length > 0) {
      const rows = found.map((f) => [f.key, f.url, f.kind, f.depth, f.priority, f.changed ?? null]);
      const added = await tx.$queryRawUnsafe<{ kind: string }[]>(...numbered(ADD_FOUND, this.#sourceId, this.#runId, this.#tools.clock.now(), JSON.stringify(rows)));
      const pages = added.filter((a) => a.kind === 'page').length;
      this.#counts.known += pages;
      this.#sitemaps += added.length - pages;
    }
    const ended = (state: FrontierOutcome['state']) => settled.filter((o) => o.kind === 'page' && o.state === state).length;
    this.#counts.done += ended('done');
    this.#counts.failed += ended('failed');
  }

  async claim(kind: FrontierKind, limit: number, upTo: number = ANY_PRIORITY): Promise<readonly FrontierClaim[]> {
    await this.#open();
    const now = this.#tools.clock.now();
    const rows = await this.#tools.db.transaction((tx) => tx.$queryRawUnsafe<ClaimRow[]>(...numbered(CLAIM_DUE, this.#sourceId, kind, upTo, now, limit, this.#tools.owner, now + LEASE_MS)));
    // The order of RETURNING is nobody's promise.
    return rows.toSorted((a, b) => Number(a.priority) - Number(b.priority) || Number(a.place) - Number(b.place)).map((r) => ({
      key: r.key, url: r.url, kind, depth: Number(r.depth), priority: Number(r.priority), attempts: Number(r.attempts), ...(r.changed === null ? {} : { changed: r.changed }),
    }));
  }

  async release(keys: readonly string[]): Promise<void> {
    if (keys.length === 0) return;
    await this.#tools.db.transaction((tx) => tx.$executeRawUnsafe(...numbered(RELEASE, this.#sourceId, JSON.stringify(keys))));
  }

  async nextDueAt(): Promise<Instant | null> {
    await this.#open();
    const [row] = await this.#tools.db.prisma.$queryRawUnsafe<{ dueAt: bigint | number | null }[]>(...numbered(NEXT_DUE, this.#sourceId));
    return row?.dueAt === null || row?.dueAt === undefined ? null : Number(row.dueAt);
  }

  async counts(): Promise<FrontierCounts> {
    await this.#open();
    return { queued: Math.max(0, this.#counts.known - this.#counts.done - this.#counts.failed), done: this.#counts.done, failed: this.#counts.failed };
  }

  #open(): Promise<void> {
    this.#opened ??= this.#begin();
    return this.#opened;
  }

  async #begin(): Promise<void> {
    const { db, clock, owner } = this.#tools;
    await db.transaction(async (tx) => {
      await tx.$executeRawUnsafe(...numbered(FORGET_OTHER_RUNS, this.#sourceId, this.#runId));
      await tx.$executeRawUnsafe(...numbered(FREE_DEAD_CLAIMS, this.#sourceId, owner, clock.now()));
    });
    const { sitemaps, ...pages } = await countFrontier(db, this.#sourceId, this.#runId);
    this.#sitemaps = sitemaps;
    this.#counts = { known: pages.queued + pages.done + pages.failed, done: pages.done, failed: pages.failed };
  }
}

/** Where a run's crawl stands: pages by what became of them, and how many sitemaps it knows. */
export async function countFrontier(db: Database, sourceId: string, runId: string): Promise<FrontierCounts & { readonly sitemaps: number }> {
  const rows = await db.read<{ kind: string; state: string; n: number }>(...countQuery(sourceId, runId));
  const of = (...states: string[]) => rows.filter((r) => r.kind === 'page' && states.includes(r.state)).reduce((sum, r) => sum + r.n, 0);
  return { queued: of('queued', 'claimed'), done: of('done'), failed: of('failed'), sitemaps: rows.filter((r) => r.kind === 'sitemap').reduce((sum, r) => sum + r.n, 0) };
}

function countQuery(sourceId: string, runId: string): [string, (string | number | null)[]] {
  const [sql, ...values] = numbered(COUNT_STATES, sourceId, runId);
  return [sql, values as string[]];
}

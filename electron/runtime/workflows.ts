import { isConnectorError } from '#kernel/errors.ts';
import type { IdSource } from '#kernel/ids.ts';
import type { Random } from '#kernel/random.ts';
import type { Instant } from '#kernel/time.ts';
import { isFinal, judgeError } from './backoff.ts';
import { afterCommit, outsideTransaction, toNumber } from './database.ts';
import type { Turn, WorkSource } from './dispatcher.ts';
import type { Tx, WorkflowDefinition, Workflows } from './ports.ts';
import { DurableRun, WorkflowMisuse, type RunDeps, type RunEnded } from './workflow-run.ts';
import { errorText, WAIT_KEY, type KeptStep } from './workflow-store.ts';

export interface WorkflowsDeps extends RunDeps {
  readonly random: Random;
  readonly ids: IdSource;
  readonly wake: () => void;
}

/** Workflows under way at once. */
const AT_ONCE = 8;
/** Failed tries without getting on, before `failed`. */
const MOST_ATTEMPTS = 10;
const MOST_SIGN_INS = 4;

interface Running {
  readonly abort: AbortController;
  readonly settled: Promise<void>;
  /** `wake` was called during this run. */
  woken: boolean;
}

interface Taken {
  readonly id: string;
  readonly kind: string;
  readonly input: string;
  readonly attempts: number;
}

/** `running` is due at `wakeAt`; `waiting` was put off until then. Which ones are in flight is known to this process alone, so a crash loses nothing. */
export class SqliteWorkflows implements Workflows, WorkSource {
  readonly #deps: WorkflowsDeps;
  readonly #definitions = new Map<string, WorkflowDefinition<unknown>>();
  readonly #running = new Map<string, Running>();

  constructor(deps: WorkflowsDeps) {
    this.#deps = deps;
  }

  define<Input>(definition: WorkflowDefinition<Input>): void {
    if (this.#definitions.has(definition.kind)) throw new Error(`two workflows of kind ${definition.kind}`);
    this.#definitions.set(definition.kind, definition as WorkflowDefinition<unknown>);
    this.#deps.wake();
  }

  async start(tx: Tx, kind: string, key: string, input: unknown): Promise<string> {
    const [known] = await tx.$queryRawUnsafe<{ id: string }[]>('SELECT id FROM "Workflow" WHERE key = ?', key);
    if (known) return known.id;
    const definition = this.#definitions.get(kind);
    if (!definition) throw new Error(`no workflow of kind ${kind} is defined`);
    definition.input.parse(input);
    const now = this.#deps.clock.now();
    const id = this.#deps.ids.next('workflow');
    await tx.$executeRawUnsafe(
      `INSERT INTO "Workflow" (id, kind, key, input, state, wakeAt, attempts, createdAt, updatedAt) VALUES (?, ?, ?, ?, 'running', ?, 0, ?, ?)`, id, kind, key, JSON.stringify(input ?? null), now, now, now);
    afterCommit(this.#deps.wake);
    return id;
  }

  async wake(tx: Tx, key: string): Promise<void> {
    const row = await tx.workflow.findUnique({ where: { key }, select: { id: true, state: true } });
    if (!row || (row.state !== 'running' && row.state !== 'waiting')) return;
    await this.#endWaits(tx, row.id);
    const now = this.#deps.clock.now();
    await tx.$executeRawUnsafe(`UPDATE "Workflow" SET state = 'running', wakeAt = ?, updatedAt = ? WHERE id = ?`, now, now, row.id);
    afterCommit(() => {
      const running = this.#running.get(row.id);
      if (running) running.woken = true;
      this.#deps.wake();
    });
  }

  async recover(): Promise<void> {
    // Nothing is marked as taken, so nothing has to be given back.
  }

  async nextDueAt(): Promise<Instant | null> {
    const first = await this.#first(null);
    return first && first.dueAt;
  }

  async peek(now: Instant): Promise<Turn | null> {
    const first = await this.#first(now);
    return first && { id: first.id, dueAt: first.dueAt, run: () => this.#begin(first) };
  }

  /** The first open workflow that is not under way, due by `by` where that is given. */
  async #first(by: Instant | null): Promise<(Taken & { dueAt: Instant }) | null> {
    if (this.#running.size >= AT_ONCE) return null;
    const rows = await this.#deps.db.prisma.$queryRawUnsafe<(Taken & { wakeAt: bigint | number })[]>(
      `SELECT id, kind, input, attempts, wakeAt FROM "Workflow" WHERE wakeAt <= ? AND kind IN (SELECT value FROM json_each(?)) AND id NOT IN (SELECT value FROM json_each(?)) ORDER BY wakeAt, id LIMIT 1`,
      by ?? Number.MAX_SAFE_INTEGER, JSON.stringify([...this.#definitions.keys()]), JSON.stringify([...this.#running.keys()]));
    const row = rows[0];
    return row ? { id: row.id, kind: row.kind, input: row.input, attempts: Number(row.attempts), dueAt: toNumber(row.wakeAt) } : null;
  }

  async abortAll(): Promise<void> {
    const all = [...this.#running.values()];
    for (const { abort } of all) abort.abort(new Error('the program is stopping'));
    await Promise.all(all.map((running) => running.settled));
  }

  #begin(taken: Taken): Promise<void> {
    const abort = new AbortController();
    const settled = outsideTransaction(() => this.#execute(taken, abort.signal))
      .catch((error: unknown) => this.#deps.log.error('a workflow could not be recorded', { workflow: taken.id, kind: taken.kind, error }))
      .finally(() => this.#running.delete(taken.id));
    this.#running.set(taken.id, { abort, settled, woken: false });
    return settled;
  }

  async #execute(taken: Taken, signal: AbortSignal): Promise<void> {
    const definition = this.#definitions.get(taken.kind)!;
    const input = definition.input.safeParse(JSON.parse(taken.input));
    if (!input.success) {
      this.#deps.log.error('a workflow cannot read its own input', { workflow: taken.id, kind: taken.kind, error: input.error });
      return this.#deps.db.transaction((tx) => this.#close(tx, taken.id, { state: 'failed', error: errorText(input.error) }));
    }
    const run = new DurableRun(this.#deps, { workflowId: taken.id, signal, attempts: taken.attempts, steps: await this.#loadSteps(taken.id) });
    try {
      await definition.run(run, input.data);
      // Code that swallowed the end of its run is not at its end.
      if (run.ended) return await this.#putOff(taken, run.ended);
    } catch (error) {
      if (run.ended) return this.#putOff(taken, run.ended);
      if (signal.aborted) return this.#putOff(taken, { at: this.#deps.clock.now(), reason: null, counts: false });
      return this.#afterFailure(taken, { definition, input: input.data, error });
    }
    await this.#deps.db.transaction((tx) => this.#close(tx, taken.id, { state: 'done', error: null }));
  }

  async #loadSteps(id: string): Promise<Map<string, KeptStep>> {
    const rows = await this.#deps.db.prisma.workflowStep.findMany({ where: { workflowId: id } });
    return new Map(rows.map((row) => [row.name, { ...row, state: row.state as KeptStep['state'], startedAt: toNumber(row.startedAt) }]));
  }

  async #putOff(taken: Taken, end: Pick<RunEnded, 'at' | 'reason' | 'counts'>): Promise<void> {
    await this.#deps.db.transaction(async (tx) => {
      const now = this.#deps.clock.now();
      const woken = this.#running.get(taken.id)?.woken === true;
      if (woken) await this.#endWaits(tx, taken.id);
      const at = woken ? now : end.at;
      await tx.$executeRawUnsafe(
        `UPDATE "Workflow" SET state = ?, wakeAt = ?, error = coalesce(?, error), attempts = attempts + ?, updatedAt = ? WHERE id = ?`, at > now ? 'waiting' : 'running', at, end.reason, end.counts ? 1 : 0, now, taken.id);
      afterCommit(this.#deps.wake);
    });
  }

  async #afterFailure(taken: Taken, failure: { definition: WorkflowDefinition<unknown>; input: unknown; error: unknown }): Promise<void> {
    const { definition, input, error } = failure;
    const attempt = await this.#attemptNumber(taken.id);
    const verdict = judgeError(error, attempt, this.#deps.random);
    const usedUp = attempt >= (isConnectorError(error, 'SessionLost') ? MOST_SIGN_INS : MOST_ATTEMPTS);
    const fatal = isFinal(error) || error instanceof WorkflowMisuse || verdict.kind === 'fail' || (verdict.kind === 'retry' && usedUp);
    if (!fatal) return this.#putOff(taken, { at: this.#deps.clock.now() + verdict.ms, reason: errorText(error), counts: verdict.kind === 'retry' });
    this.#deps.log.error('a workflow failed', { workflow: taken.id, kind: taken.kind, attempt, error });
    try {
      await this.#deps.db.transaction(async (tx) => {
        await definition.failed?.(tx, input, error);
        await this.#close(tx, taken.id, { state: 'failed', error: errorText(error) });
      });
    } catch (failedError) {
      this.#deps.log.error('a workflow could not write its own failure; it is tried again', { workflow: taken.id, kind: taken.kind, error: failedError });
      const again = judgeError(failedError, attempt, this.#deps.random);
      await this.#putOff(taken, { at: this.#deps.clock.now() + (again.kind === 'fail' ? 60_000 : again.ms), reason: errorText(failedError), counts: true });
    }
  }

  /** The number of this try, counted since the last step that got on: read again, because this run may have got on. */
  async #attemptNumber(id: string): Promise<number> {
    const row = await this.#deps.db.prisma.workflow.findUnique({ where: { id }, select: { attempts: true } });
    return (row?.attempts ?? 0) + 1;
  }

  async #endWaits(tx: Tx, id: string): Promise<void> {
    await tx.$executeRawUnsafe(`UPDATE "WorkflowStep" SET state = 'done', finishedAt = ? WHERE workflowId = ? AND idempotencyKey = '${WAIT_KEY}' AND state = 'started'`, this.#deps.clock.now(), id);
  }

  async #close(tx: Tx, id: string, to: { state: 'done' | 'failed'; error: string | null }): Promise<void> {
    await tx.$executeRawUnsafe('UPDATE "Workflow" SET state = ?, error = ?, wakeAt = NULL, updatedAt = ? WHERE id = ?', to.state, to.error, this.#deps.clock.now(), id);
  }
}

import type { z } from 'zod';
import { isConnectorError } from '#kernel/errors.ts';
import type { Logger } from '#kernel/log.ts';
import { HOUR_MS, MINUTE_MS, SECOND_MS, type Clock, type Instant } from '#kernel/time.ts';
import { isFinal } from './backoff.ts';
import { sha256Of } from './canonical-json.ts';
import type { AuditLog, CrashProbe, Database, EffectCall, KillSwitch, Tx, WorkflowRun } from './ports.ts';
import { dropStep, errorText, idempotencyKeyOf, INSIDE_KEY, noteProgress, putStep, restoreError, storeError, WAIT_KEY, type KeptStep } from './workflow-store.ts';

export interface RunDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly log: Logger;
  readonly audit: AuditLog;
  readonly killSwitch: KillSwitch;
  readonly crashProbe: CrashProbe;
}

export interface RunState {
  readonly workflowId: string;
  readonly signal: AbortSignal;
  /** Tries since the last step that got on. */
  readonly attempts: number;
  readonly steps: Map<string, KeptStep>;
}

/** Ends a run of the code without a failure. Kept by the run, so that code which swallows it cannot go on. */
export class RunEnded extends Error {
  override name = 'RunEnded';
  readonly at: Instant;
  /** Why it waits, for people; null for a wait that the workflow asked for. */
  readonly reason: string | null;
  /** Whether this was a failed try. */
  readonly counts: boolean;
  constructor(at: Instant, reason: string | null, counts = false) {
    super(reason ?? 'waits');
    this.at = at;
    this.reason = reason;
    this.counts = counts;
  }
}

/** A mistake in a workflow's code, such as a step name used twice: no retry helps. */
export class WorkflowMisuse extends Error {
  override name = 'WorkflowMisuse';
}

/** Thrown by an effect's call while nothing has left yet: the kill switch was pressed on its way. A step that finds it on throws it too, and waits. */
export class HeldBack extends Error {
  override name = 'HeldBack';
  constructor() {
    super(HELD_BACK);
  }
}

/** Why a workflow waits while the kill switch is on. */
export const HELD_BACK = 'the kill switch is on';
const KILL_SWITCH_MS = MINUTE_MS;
/** An effect whose outcome is unknown may still be on its way at the vendor: it is not asked for at once. */
const SETTLE_MS = 5 * SECOND_MS;
/** Calls of one effect that ended in errors which say nothing; after that, and only with the vendor's word that nothing was done, it is given up. */
const MOST_CALLS = 10;

export class DurableRun implements WorkflowRun {
  readonly #deps: RunDeps;
  readonly #state: RunState;
  readonly #used = new Set<string>();
  ended: RunEnded | null = null;

  constructor(deps: RunDeps, state: RunState) {
    this.#deps = deps;
    this.#state = state;
  }

  get workflowId(): string {
    return this.#state.workflowId;
  }
  get signal(): AbortSignal {
    return this.#state.signal;
  }

  async step<Output>(name: string, output: z.ZodType<Output>, run: () => Promise<Output>): Promise<Output> {
    const kept = this.#enter(name);
    if (kept?.state === 'done') return decode(output, kept.output);
    const startedAt = this.#deps.clock.now();
    const made = await run().catch((error: unknown) => { throw error instanceof HeldBack ? this.#end(this.#deps.clock.now() + KILL_SWITCH_MS, HELD_BACK) : error; });
    const text = encode(output, made);
    await this.#deps.db.transaction((tx) => this.#record(tx, { name, idempotencyKey: INSIDE_KEY, startedAt, output: text }));
    return decode(output, text);
  }

  async transact<Output>(name: string, output: z.ZodType<Output>, run: (tx: Tx) => Promise<Output>): Promise<Output> {
    const kept = this.#enter(name);
    if (kept?.state === 'done') return decode(output, kept.output);
    this.#deps.crashProbe(`transact:${name}:before`);
    const startedAt = this.#deps.clock.now();
    const text = await this.#deps.db.transaction(async (tx) => {
      const made = encode(output, await run(tx));
      await this.#record(tx, { name, idempotencyKey: INSIDE_KEY, startedAt, output: made });
      return made;
    });
    this.#deps.crashProbe(`transact:${name}:committed`);
    return decode(output, text);
  }

  async effect<Output>(name: string, effect: EffectCall<Output>): Promise<Output> {
    const kept = this.#enter(name);
    if (kept?.state === 'done') return decode(effect.output, kept.output);
    if (kept?.state === 'failed') throw restoreError(kept.error);
    const attempt = { name, idempotencyKey: idempotencyKeyOf(this.workflowId, name), startedAt: kept?.startedAt ?? this.#deps.clock.now() };
    if (kept) {
      const found = await this.#reconcile(attempt, effect);
      if (found) return this.#keepOutput(attempt, effect, found.output);
      if (this.#state.attempts >= MOST_CALLS) await this.#giveUp(attempt);
    }
    if (await this.#deps.killSwitch.isOn()) throw this.#end(this.#deps.clock.now() + KILL_SWITCH_MS, HELD_BACK);
    if (!kept) await this.#intend(attempt);
    // No wait between this and the call: what was pressed meanwhile holds.
    if (this.#deps.killSwitch.isOnNow()) throw await this.#holdBack(attempt, kept !== null);
    this.#deps.crashProbe(`effect:${name}:before`);
    let output: Output;
    try {
      output = await effect.call({ idempotencyKey: attempt.idempotencyKey });
    } catch (error) {
      throw await this.#afterFailedCall(attempt, error);
    }
    this.#deps.crashProbe(`effect:${name}:called`);
    const made = await this.#keepOutput(attempt, effect, output);
    this.#deps.crashProbe(`effect:${name}:recorded`);
    return made;
  }

  async waitUntil(name: string, at: Instant): Promise<void> {
    const kept = this.#enter(name);
    if (kept?.state === 'done') return;
    const until = kept ? Number(kept.output) : at;
    const now = this.#deps.clock.now();
    const step = { name, idempotencyKey: WAIT_KEY, startedAt: kept?.startedAt ?? now, output: String(until) };
    if (now >= until) return this.#deps.db.transaction((tx) => this.#record(tx, step));
    if (!kept) await this.#deps.db.transaction(async (tx) => {
      await putStep(tx, this.workflowId, { ...step, state: 'started', error: null, finishedAt: null });
      await noteProgress(tx, this.workflowId);
    });
    throw this.#end(until, null);
  }

  #enter(name: string): KeptStep | null {
    if (this.ended) throw this.ended;
    if (this.#used.has(name)) throw new WorkflowMisuse(`step ${name} was used twice in one run: every step needs a name of its own`);
    this.#used.add(name);
    const kept = this.#state.steps.get(name) ?? null;
    if (!kept || kept.state === 'started') this.signal.throwIfAborted();
    return kept;
  }

  #end(at: Instant, reason: string | null, counts = false): RunEnded {
    this.ended = new RunEnded(at, reason, counts);
    return this.ended;
  }

  async #record(tx: Tx, step: { name: string; idempotencyKey: string; startedAt: Instant; output: string | null }): Promise<void> {
    await putStep(tx, this.workflowId, { ...step, state: 'done', error: null, finishedAt: this.#deps.clock.now() });
    await noteProgress(tx, this.workflowId);
  }

  /** From here on a crash means that the vendor has to be asked. */
  async #intend(attempt: Attempt): Promise<void> {
    await this.#deps.db.transaction(async (tx) => {
      await putStep(tx, this.workflowId, { ...attempt, state: 'started', output: null, error: null, finishedAt: null });
      await this.#audit(tx, 'effect.begun', attempt);
    });
  }

  /** Nothing has left: without an earlier call whose outcome matters, the next run begins afresh. */
  async #holdBack(attempt: Attempt, calledBefore: boolean): Promise<RunEnded> {
    await this.#deps.db.transaction(async (tx) => {
      if (!calledBefore) await dropStep(tx, this.workflowId, attempt.name);
      await this.#audit(tx, 'effect.held-back', attempt);
    });
    return this.#end(this.#deps.clock.now() + KILL_SWITCH_MS, HELD_BACK);
  }

  #audit(tx: Tx, action: string, attempt: Attempt, data: Readonly<Record<string, unknown>> = {}): Promise<void> {
    return this.#deps.audit.append(tx, { actor: 'desk', channel: 'workflow', action, subject: this.workflowId, data: { step: attempt.name, idempotencyKey: attempt.idempotencyKey, ...data } });
  }

  /** The vendor's answer about an earlier call; null when that certainly had no effect. Everything else waits: a call again could be a second one. */
  async #reconcile<Output>(attempt: Attempt, effect: EffectCall<Output>): Promise<{ output: Output } | null> {
    let answer: Awaited<ReturnType<EffectCall<Output>['reconcile']>>;
    try {
      answer = await effect.reconcile({ idempotencyKey: attempt.idempotencyKey });
    } catch (error) {
      this.#deps.log.warn('the vendor could not be asked what became of an effect', { workflow: this.workflowId, step: attempt.name, error });
      const told = isConnectorError(error) ? (error.detail.retryAfterMs ?? 0) : 0;
      throw this.#end(this.#deps.clock.now() + Math.max(told, this.#askAgainMs(attempt)), `asking after ${attempt.name}: ${errorText(error)}`);
    }
    if (answer === 'absent') return null;
    if (answer === 'unknown') throw this.#end(this.#deps.clock.now() + this.#askAgainMs(attempt), `the outcome of ${attempt.name} is not known yet`);
    return { output: answer.found };
  }

  /** The longer it is unknown, the more rarely it is asked: half of its age, from 5 seconds to an hour. */
  #askAgainMs(attempt: Attempt): number {
    return Math.min(HOUR_MS, Math.max(SETTLE_MS, Math.round((this.#deps.clock.now() - attempt.startedAt) / 2)));
  }

  async #keepOutput<Output>(attempt: Attempt, effect: EffectCall<Output>, output: Output): Promise<Output> {
    let text: string | null;
    try {
      text = encode(effect.output, output);
    } catch (error) {
      // It happened, and only its answer cannot be kept: forgetting it would do it again.
      throw this.#end(this.#deps.clock.now() + this.#askAgainMs(attempt), `the answer of ${attempt.name} could not be kept: ${errorText(error)}`);
    }
    await this.#deps.db.transaction(async (tx) => {
      await this.#record(tx, { ...attempt, output: text });
      await this.#audit(tx, 'effect.made', attempt, { outputSha256: sha256Of(text ?? '') });
    });
    return decode(effect.output, text);
  }

  async #afterFailedCall(attempt: Attempt, error: unknown): Promise<unknown> {
    if (error instanceof HeldBack) return this.#holdBack(attempt, false);
    if (isFinal(error)) {
      await this.#deps.db.transaction(async (tx) => {
        await putStep(tx, this.workflowId, { ...attempt, state: 'failed', output: null, error: storeError(error), finishedAt: this.#deps.clock.now() });
        await this.#audit(tx, 'effect.refused', attempt, { error: errorText(error) });
      });
      return error;
    }
    if (isConnectorError(error, 'Retryable', 'Throttled', 'SessionLost')) {
      // Nothing happened: the next try starts afresh, without asking.
      await this.#deps.db.transaction(async (tx) => {
        await dropStep(tx, this.workflowId, attempt.name);
        await this.#audit(tx, 'effect.not-made', attempt, { error: errorText(error) });
      });
      return error;
    }
    if (this.signal.aborted) return this.#end(this.#deps.clock.now(), `stopped during ${attempt.name}`);
    this.#deps.log.warn('the outcome of an effect is not known', { workflow: this.workflowId, step: attempt.name, error });
    return this.#end(this.#deps.clock.now() + SETTLE_MS, errorText(error), true);
  }

  async #giveUp(attempt: Attempt): Promise<never> {
    await this.#deps.db.transaction((tx) => dropStep(tx, this.workflowId, attempt.name));
    throw new WorkflowMisuse(`${attempt.name} was tried ${this.#state.attempts} times; the vendor says that nothing was done`);
  }
}

interface Attempt {
  readonly name: string;
  readonly idempotencyKey: string;
  readonly startedAt: Instant;
}

/** Checked before it is kept, so that what is kept can be read again. */
function encode<Output>(schema: z.ZodType<Output>, output: Output): string | null {
  const text = JSON.stringify(output);
  decode(schema, text ?? null);
  return text ?? null;
}

function decode<Output>(schema: z.ZodType<Output>, text: string | null): Output {
  return schema.parse(text === null ? undefined : JSON.parse(text));
}

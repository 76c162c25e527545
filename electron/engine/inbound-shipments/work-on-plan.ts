import { z } from 'zod';
import type { InboundState } from '#contract/inbound-shipments.ts';
import { MINUTE_MS, SECOND_MS, type Clock, type Instant } from '#kernel/time.ts';
import type { WorkflowDefinition, WorkflowRun } from '#runtime/ports.ts';
import type { InboundDeps } from './deps.ts';
import { Stop } from './errors.ts';
import type { WorkedOn } from './machine.ts';
import type { InboundPort, Started } from './ports.ts';
import { loadShipment } from './repo.ts';
import type { InboundShipment } from './shipment.ts';
import { stopShipment, workflowOf } from './shift-shipment.ts';

const inputSchema = z.strictObject({ id: z.string(), attempt: z.int() });
const startedSchema = z.strictObject({ operationId: z.string().nullable() });
const readingSchema = z.strictObject({ state: z.enum(['running', 'done', 'failed']), problems: z.array(z.string()) });
/** The channel is asked this often what became of an operation, and so many times. */
const ASK_EVERY_MS = 10 * SECOND_MS;
const MOST_ASKED = 360;
/** What was changed a moment ago may not show yet: only what does not show for so long was certainly not done (assumption). */
const SHOWS_WITHIN_MS = 3 * MINUTE_MS;

/** A workflow's run over one shipment: what it changes at the channel is followed until the channel has worked it through. */
export interface PlanWork {
  readonly run: WorkflowRun;
  readonly channel: InboundPort;
  readonly shows: Shows;
  readonly shipment: InboundShipment;
  readonly planId: string;
  /** A change at the channel, and its operation's end. `standing`: whether it is done already, asked before a repeat; absent: a repeat does no harm. @throws Stop with what the channel says. */
  effect(name: string, call: () => Promise<Started>, standing?: () => Promise<boolean>): Promise<void>;
}

export async function channelOf(deps: InboundDeps, market: string): Promise<InboundPort> {
  const channel = deps.channels.get(market);
  if (!channel) throw new Stop({ code: 'stock.inbound-no-channel', data: { channel: market } });
  return channel.port;
}

/** Waits for the channel to be through with an operation. */
export async function settle(run: WorkflowRun, deps: InboundDeps, given: { readonly name: string; readonly channel: InboundPort; readonly operationId: string | null }): Promise<void> {
  const { name, channel, operationId } = given;
  if (operationId === null) return;
  for (let asked = 1; asked <= MOST_ASKED; asked++) {
    const { state, problems } = await run.step(`${name}:ask-${asked}`, readingSchema, async () => ({ ...(await channel.operation(operationId, run.signal)) }) as z.infer<typeof readingSchema>);
    if (state === 'done') return;
    if (state === 'failed') throw new Stop({ code: 'stock.inbound-refused', data: { message: problems.join(' ') || name } });
    await run.waitUntil(`${name}:wait-${asked}`, deps.ctx.clock.now() + ASK_EVERY_MS);
  }
  throw new Stop({ code: 'stock.inbound-slow', data: {} });
}

/**
 * What became of a call whose answer nobody has: `look` until it shows, and `absent` once it has not shown for a while since the first look. A call in between begins the time anew, so that the last call is always older than that.
 */
export class Shows {
  readonly #clock: Clock;
  readonly #asked = new Map<string, Instant>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }
  called(key: string): void {
    this.#asked.delete(key);
  }
  async reconcile<T>(key: string, look: () => Promise<T | null>): Promise<{ found: T } | 'absent' | 'unknown'> {
    const found = await look();
    const now = this.#clock.now();
    const first = this.#asked.get(key) ?? now;
    this.#asked.set(key, first);
    if (found === null) return now - first < SHOWS_WITHIN_MS ? 'unknown' : 'absent';
    this.#asked.delete(key);
    return { found };
  }
}

/** The workflow of one state. It ends at once where the shipment has gone on without it. */
export function inboundWorkflow(deps: InboundDeps, state: WorkedOn, work: (work: PlanWork) => Promise<void>): WorkflowDefinition<z.infer<typeof inputSchema>> {
  const shows = new Shows(deps.ctx.clock);
  return {
    kind: workflowOf(state), input: inputSchema,
    async run(run, { id, attempt }) {
      const shipment = await loadShipment(deps.ctx.db.prisma, id);
      if (shipment.attempt !== attempt || shipment.state !== (state as InboundState)) return;
      const channel = await channelOf(deps, shipment.channel);
      await work({
        run, channel, shows, shipment, planId: shipment.planId ?? '',
        async effect(name, call, standing) {
          const { operationId } = await run.effect(name, {
            output: startedSchema,
            call: async ({ idempotencyKey }) => {
              shows.called(idempotencyKey);
              return { operationId: (await call()).operationId };
            },
            reconcile: async ({ idempotencyKey }) => (standing ? shows.reconcile(idempotencyKey, async () => ((await standing()) ? { operationId: null } : null)) : 'absent'),
          });
          await settle(run, deps, { name, channel, operationId });
        },
      });
    },
    failed: (tx, input, error) => stopShipment(deps, tx, input, error),
  };
}

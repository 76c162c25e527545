import { messageOf } from '#kernel/errors.ts';
import type { Clock, Instant } from '#kernel/time.ts';
import type { Logger } from '#kernel/log.ts';
import type { Random } from '#kernel/random.ts';
import { backoffMs } from './backoff.ts';
import { afterCommit, toNumber } from './database.ts';
import type { DueChore } from './dispatcher.ts';
import { LiveEvents } from './live-events.ts';
import type { Database, DomainEvent, NewJob, Outbox, Tx } from './ports.ts';

export interface OutboxDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly log: Logger;
  readonly random: Random;
  readonly wake: () => void;
  /** Keeps a delivery that failed for good as a failed job, which a person can retry. */
  readonly park: (tx: Tx, job: NewJob, error: string) => Promise<void>;
}

/** A delivery that was parked: the event, and which subscriber missed it. */
export const PARKED_DELIVERY_KIND = 'runtime.deliver-event';

interface Subscriber {
  /** The topic prefix, and its number among those with the same prefix: the same in every run of the program. */
  readonly name: string;
  readonly prefix: string;
  readonly handle: (event: DomainEvent) => Promise<void>;
}

interface StoredEvent {
  readonly seq: number;
  readonly topic: string;
  readonly payload: string;
  readonly createdAt: bigint;
}

const EVENTS_AT_ONCE = 200;
/** Tries of one delivery before the events behind it go on without it. */
const MOST_TRIES = 6;

export class SqliteOutbox implements Outbox, DueChore {
  readonly #deps: OutboxDeps;
  readonly #live: LiveEvents;
  readonly #subscribers: Subscriber[] = [];
  /** The event at the head, where a subscriber failed: nothing overtakes it. */
  #stuck: { seq: number; tries: number; retryAt: Instant; delivered: Set<string> } | null = null;
  #mayHold = true;

  constructor(deps: OutboxDeps) {
    this.#deps = deps;
    this.#live = new LiveEvents(deps.clock, (after, limit) => this.#readAfter(after, limit));
  }

  async add(tx: Tx, topic: string, id: string | null, data: Readonly<Record<string, unknown>> = {}): Promise<void> {
    const at = this.#deps.clock.now();
    const rows = await tx.$queryRawUnsafe<{ seq: number | bigint }[]>('INSERT INTO "Outbox" (topic, payload, createdAt) VALUES (?, ?, ?) RETURNING seq', topic, JSON.stringify({ id, data }), at);
    const seq = Number(rows[0]!.seq);
    afterCommit(() => {
      this.#mayHold = true;
      this.#live.publish({ seq, topic, id, data, at });
      this.#deps.wake();
    });
  }

  subscribe(topicPrefix: string, handle: (event: DomainEvent) => Promise<void>): void {
    const same = this.#subscribers.filter((known) => known.prefix === topicPrefix).length;
    this.#subscribers.push({ name: `${topicPrefix}#${same}`, prefix: topicPrefix, handle });
  }

  stream(signal: AbortSignal, after?: number): AsyncIterable<DomainEvent> {
    return this.#live.stream(signal, after);
  }

  announce(topic: string, id: string | null, data: Readonly<Record<string, unknown>> = {}): void {
    this.#live.announce(topic, id, data);
  }

  /** Delivers one parked event to the subscriber that missed it. */
  async deliverAgain(seq: number, subscriberName: string): Promise<void> {
    const row = await this.#deps.db.prisma.outbox.findUnique({ where: { seq } });
    const subscriber = this.#subscribers.find((known) => known.name === subscriberName);
    if (!row || !subscriber) throw new Error(`event ${seq} or its subscriber ${subscriberName} is no longer there`);
    await subscriber.handle(eventOf(row));
  }

  async nextDueAt(): Promise<Instant | null> {
    const [head] = await this.#deps.db.prisma.$queryRawUnsafe<Pick<StoredEvent, 'seq' | 'createdAt'>[]>('SELECT seq, createdAt FROM "Outbox" WHERE dispatchedAt IS NULL ORDER BY seq LIMIT 1');
    this.#mayHold = head !== undefined;
    if (!head) return null;
    return this.#stuck?.seq === head.seq ? this.#stuck.retryAt : toNumber(head.createdAt);
  }

  async run(now: Instant): Promise<number> {
    if (!this.#mayHold || (this.#stuck && this.#stuck.retryAt > now)) return 0;
    let done = 0;
    for (;;) {
      this.#mayHold = false;
      const rows = await this.#deps.db.prisma.$queryRawUnsafe<StoredEvent[]>('SELECT seq, topic, payload, createdAt FROM "Outbox" WHERE dispatchedAt IS NULL ORDER BY seq LIMIT ?', EVENTS_AT_ONCE);
      if (rows.length === 0) return done;
      const delivered = await this.#deliverInOrder(rows);
      done += delivered;
      if (delivered < rows.length) {
        this.#mayHold = true;
        return done;
      }
      // whatever a subscriber added has said so
      if (rows.length < EVENTS_AT_ONCE && !this.#mayHold) return done;
    }
  }

  /** Answers how many from the start were delivered; they are marked together, so a crash repeats at most these. */
  async #deliverInOrder(rows: readonly StoredEvent[]): Promise<number> {
    let delivered = 0;
    for (const row of rows) {
      if (!(await this.#deliver(row))) break;
      delivered++;
    }
    const last = rows[delivered - 1];
    if (last) {
      await this.#deps.db.transaction((tx) =>
        tx.$executeRawUnsafe('UPDATE "Outbox" SET dispatchedAt = ? WHERE dispatchedAt IS NULL AND seq <= ?', this.#deps.clock.now(), last.seq), { durable: false });
    }
    return delivered;
  }

  async #deliver(row: StoredEvent): Promise<boolean> {
    const event = eventOf(row);
    const stuck = this.#stuck?.seq === row.seq ? this.#stuck : null;
    const delivered = stuck?.delivered ?? new Set<string>();
    for (const subscriber of this.#subscribers) {
      if (!event.topic.startsWith(subscriber.prefix) || delivered.has(subscriber.name)) continue;
      try {
        await subscriber.handle(event);
        delivered.add(subscriber.name);
      } catch (error) {
        const tries = (stuck?.tries ?? 0) + 1;
        this.#deps.log.error('an event could not be handled', { topic: event.topic, seq: event.seq, subscriber: subscriber.name, tries, error });
        if (tries < MOST_TRIES) {
          this.#stuck = { seq: row.seq, tries, delivered, retryAt: this.#deps.clock.now() + backoffMs(tries, this.#deps.random) };
          return false;
        }
        const payload = { seq: row.seq, subscriber: subscriber.name };
        await this.#deps.db.transaction((tx) => this.#deps.park(tx, { kind: PARKED_DELIVERY_KIND, payload }, messageOf(error)));
        delivered.add(subscriber.name);
      }
    }
    this.#stuck = null;
    return true;
  }

  async #readAfter(after: number, limit: number): Promise<DomainEvent[]> {
    const rows = await this.#deps.db.prisma.outbox.findMany({ where: { seq: { gt: after } }, orderBy: { seq: 'desc' }, take: limit });
    return rows.toReversed().map(eventOf);
  }
}

function eventOf(row: StoredEvent): DomainEvent {
  const { id, data } = JSON.parse(row.payload) as { id: string | null; data: Record<string, unknown> };
  return { seq: row.seq, topic: row.topic, id, data, at: toNumber(row.createdAt) };
}

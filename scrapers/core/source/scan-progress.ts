import { z } from 'zod';
import type { RawReject, RejectCode, ScanLimits } from '#engine/sources/ports.ts';
import type { Clock } from '#kernel/time.ts';

/** Counts a scan against its limits. */
export class ScanProgress {
  readonly #limits: ScanLimits;
  readonly #clock: Clock;
  readonly #startedAt: number;
  #offers = 0;
  #requests = 0;
  constructor(clock: Clock, limits: ScanLimits = {}) {
    this.#limits = limits;
    this.#clock = clock;
    this.#startedAt = clock.now();
  }
  count(page: { readonly offers: readonly unknown[]; readonly requests: number }): void {
    this.#offers += page.offers.length;
    this.#requests += page.requests;
  }
  get isSpent(): boolean {
    const { maxOffers, maxRequests, maxDurationMs } = this.#limits;
    return (
      (maxOffers !== undefined && this.#offers >= maxOffers) || (maxRequests !== undefined && this.#requests >= maxRequests) || (maxDurationMs !== undefined && this.#clock.now() - this.#startedAt >= maxDurationMs)
    );
  }
}

const pageCursor = z.strictObject({ v: z.literal(1), page: z.number().int().min(1) });
export const writePageCursor = (page: number): string => JSON.stringify({ v: 1, page });

/** The value of a cursor by its schema, or null for none, or one of another time or kind: then a pass starts anew. */
export function readCursor<T>(schema: z.ZodType<T>, cursor: string | undefined): T | null {
  if (cursor === undefined) return null;
  try {
    const parsed = schema.safeParse(JSON.parse(cursor));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

/** The page to go on with. */
export const readPageCursor = (cursor: string | undefined): number => readCursor(pageCursor, cursor)?.page ?? 1;

export interface RejectDetail {
  readonly where: string;
  readonly reason: string;
  readonly field?: string | undefined;
  readonly externalId?: string | undefined;
  /** What was read: text, or anything that turns into JSON. */
  readonly raw: unknown;
  readonly seenAt: number;
}

export function reject(code: RejectCode, { raw, ...rest }: RejectDetail): RawReject {
  const text = typeof raw === 'string' ? raw : (JSON.stringify(raw) ?? '');
  return { code, ...rest, excerpt: text.slice(0, 1_000) };
}

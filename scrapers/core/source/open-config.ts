import { z } from 'zod';
import { err, ok, type Result } from '#kernel/result.ts';
import type { ConfigProblem } from '#engine/sources/ports.ts';
import type { FetchPolicy, Fetcher } from '../fetch/fetcher.ts';
import type { ProductReader } from '../extract/ai-reader.ts';
import type { PageBrowser } from '../fetch/browser-fetcher.ts';
import type { Clock } from '#kernel/time.ts';

/** What every site's factory is given. */
export interface SiteTools {
  readonly clock: Clock;
  readonly fetcher: Fetcher;
  /** A language model for pages that nothing else can read; absent where none is connected. */
  readonly reader?: ProductReader | undefined;
  /** Absent where no browser may be used. */
  readonly browser?: PageBrowser | undefined;
}

function isZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

const hour = z.number().int().min(0).max(23);

/** Settings that every site over HTTP shares. Defaults are the site's. */
export const politenessSchema = z.strictObject({
  minIntervalMs: z.number().int().min(0).max(600_000).optional(),
  concurrency: z.number().int().min(1).max(16).optional(),
  /** In the site's own zone where `zone` names none. */
  quietHours: z.strictObject({ from: hour, to: hour, zone: z.string().max(60).refine(isZone, 'a time zone such as Africa/Algiers').optional() }).optional(),
  /** The jar of its sign-in. */
  session: z.string().regex(/^[\w.:-]{1,120}$/).optional(),
  /** Only for the practice market and tests. */
  allowLoopback: z.boolean().optional(),
  timeoutMs: z.number().int().min(100).max(300_000).optional(),
});

/** An address without path's closing slash, query or fragment. */
export const baseUrlSchema = z.url({ protocol: /^https?$/ }).transform((text) => {
  const url = new URL(text);
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
});

export const currencySchema = z.string().regex(/^[A-Z]{3}$/, 'an ISO 4217 code: three capitals');

/** The site's own pace, slowed down (never sped up beyond it, but on loopback) by what the configuration asks for. */
export function policyOf(asked: z.infer<typeof politenessSchema> | undefined, site: FetchPolicy): FetchPolicy {
  const loopback = asked?.allowLoopback === true;
  return {
    ...site,
    minIntervalMs: loopback ? (asked.minIntervalMs ?? 0) : Math.max(site.minIntervalMs, asked?.minIntervalMs ?? 0),
    concurrency: loopback ? (asked.concurrency ?? site.concurrency) : Math.min(site.concurrency, asked?.concurrency ?? site.concurrency),
    quietHours: asked?.quietHours && { zone: site.zone, ...asked.quietHours }, session: asked?.session, allowLoopback: loopback, timeoutMs: asked?.timeoutMs ?? site.timeoutMs,
  };
}

/** Parses a configuration, or says what is wrong with it field by field. */
export function parseConfig<T>(schema: z.ZodType<T>, config: unknown): Result<T, readonly ConfigProblem[]> {
  const parsed = schema.safeParse(config);
  if (parsed.success) return ok(parsed.data);
  return err(parsed.error.issues.map((i) => ({ field: i.path.join('.') || '(whole)', reason: i.message })));
}

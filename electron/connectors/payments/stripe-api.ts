import type { ZodType } from 'zod';
import { HttpClient, type ConnectorOptions, type Effect } from '../http/index.ts';
import { errorSchema } from './stripe-schema.ts';

/** The version whose shapes the connector reads; an account's own default may be another. */
export const STRIPE_VERSION = '2022-11-15';
const PAGE = 100;

export interface StripeApiOptions extends ConnectorOptions {
  /** `https://api.stripe.com`. */
  readonly baseUrl: string;
  readonly secretKey: () => Promise<string>;
}

type Value = string | number | boolean | undefined;

interface Listing<T> {
  readonly operation: string;
  readonly path: string;
  readonly query: Readonly<Record<string, Value>>;
  readonly schema: ZodType<{ data: T[]; has_more: boolean }>;
  readonly signal?: AbortSignal | undefined;
}

/** Stripe's HTTP interface: forms in, JSON out, and an idempotency key on everything that creates. */
export class StripeApi {
  readonly #http: HttpClient;

  constructor(options: StripeApiOptions) {
    this.#http = new HttpClient({
      ...options, connector: 'stripe', headers: { 'stripe-version': STRIPE_VERSION }, authorize: async () => ({ authorization: `Bearer ${await options.secretKey()}` }),
      judge: ({ status, json }) => {
        const body = errorSchema.safeParse(json);
        if (!body.success) return undefined;
        const { code, message, type } = body.data.error;
        // the first request with this key is still being handled
        const busy = status === 409 || code === 'lock_timeout';
        return { ...(code ? { code } : type ? { code: type } : {}), ...(message ? { message: message.slice(0, 300) } : {}), ...(busy ? { kind: 'Retryable' as const, retryAfterMs: 1_000 } : {}) };
      },
    });
  }

  close(): Promise<void> {
    return this.#http.close();
  }

  async get<T>(call: { readonly operation: string; readonly path: string; readonly query?: Readonly<Record<string, Value>>; readonly schema: ZodType<T>; readonly signal?: AbortSignal | undefined }): Promise<T> {
    return (await this.#http.send({ ...call, method: 'GET', effect: 'read' })).body;
  }

  /** With a key a repeat is answered with the first answer (for a day): so it is safe to repeat. */
  async post<T>(call: { readonly operation: string; readonly path: string; readonly form: Readonly<Record<string, Value>>; readonly key?: string; readonly schema: ZodType<T>; readonly signal?: AbortSignal | undefined }): Promise<T> {
    const form: Record<string, string> = {};
    for (const [name, value] of Object.entries(call.form)) if (value !== undefined) form[name] = String(value);
    const effect: Effect = 'idempotent';
    return (await this.#http.send({ operation: call.operation, path: call.path, method: 'POST', effect, form, schema: call.schema, signal: call.signal, ...(call.key ? { headers: { 'idempotency-key': call.key } } : {}) })).body;
  }

  /** Every item of a list, page by page. */
  async *all<T extends { readonly id: string }>(listing: Listing<T>): AsyncIterable<T> {
    let after: string | undefined;
    for (;;) {
      const page = await this.get({ ...listing, query: { ...listing.query, limit: PAGE, ...(after ? { starting_after: after } : {}) } });
      yield* page.data;
      after = page.data.at(-1)?.id;
      if (!page.has_more || after === undefined) return;
    }
  }
}

import { seededRandom, type Random } from '#kernel/random.ts';

/**
 * What can go wrong on command.
 * `timeout` holds the connection for `hangMs` and then cuts it: in half of the cases the effect has happened by then.
 * `cut-before` drops the connection before the effect, `cut-after` after it and before a byte of the answer.
 */
export const FAULT_KINDS = ['too-many-requests', 'server-error', 'timeout', 'slow-body', 'cut-before', 'cut-after', 'malformed-body', 'schema-drift'] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

export interface FaultPlan {
  /** Chance per request, 0 to 1. */
  readonly rate: number;
  /** Drawn from evenly; all of them when absent. */
  readonly kinds?: readonly FaultKind[];
  /** Route names that the plan is for; every route when absent. */
  readonly routes?: readonly string[];
  /** Only requests whose body holds this: one call of several behind one address. */
  readonly holding?: string;
  /** Stop after so many faults: `1` plants a single one. */
  readonly limit?: number;
  /** How long a `timeout` hangs. Default 400 ms. */
  readonly hangMs?: number;
  /** How long a `slow-body` takes over its body. Default 150 ms. */
  readonly slowBodyMs?: number;
  /** Seconds in `Retry-After` of a 429. Default 1. */
  readonly retryAfterSeconds?: number;
}

export interface DrawnFault {
  readonly kind: FaultKind;
  /** For `timeout`: whether the effect happens first. */
  readonly afterEffect: boolean;
  readonly random: Random;
}

/** The faults of one vendor: drawn from (seed, vendor, request number), so that a repeated run meets the same ones. */
export class FaultSource {
  #plan: FaultPlan = { rate: 0 };
  #drawn = 0;
  readonly #stream: string;

  constructor(seed: number, vendor: string) {
    this.#stream = `${seed}:faults:${vendor}`;
  }

  get plan(): FaultPlan {
    return this.#plan;
  }

  set(plan: FaultPlan): void {
    if (!(plan.rate >= 0 && plan.rate <= 1)) throw new RangeError(`a fault rate is from 0 to 1, got ${plan.rate}`);
    this.#plan = plan;
    this.#drawn = 0;
  }

  /** `body`: of the request; null where it could not be read. */
  draw(requestNumber: number, route: string, body: Buffer | null = null): DrawnFault | null {
    const { rate, kinds = FAULT_KINDS, routes, holding, limit } = this.#plan;
    if (rate === 0 || kinds.length === 0 || (routes && !routes.includes(route))) return null;
    if (holding !== undefined && !body?.includes(holding)) return null;
    if (limit !== undefined && this.#drawn >= limit) return null;
    const random = seededRandom(`${this.#stream}:${requestNumber}`);
    if (random.next() >= rate) return null;
    this.#drawn += 1;
    const kind = kinds[random.int(kinds.length)]!;
    return { kind, afterEffect: random.next() < 0.5, random };
  }
}

/** A body that no parser accepts: cut short, with a stray byte. */
export function malform(body: Buffer, random: Random): Buffer {
  if (body.length < 2) return Buffer.from('{"');
  const keep = 1 + random.int(Math.max(1, Math.floor(body.length * 0.8)));
  return Buffer.concat([body.subarray(0, keep), Buffer.from('\u0000<!')]);
}

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type Holder = { [key: string]: Json };

/** Every object in the value, with how often its set of keys occurs: drift changes a field wherever it occurs, as a release does. */
function objectsIn(value: Json, found: Holder[]): Holder[] {
  if (Array.isArray(value)) for (const item of value) objectsIn(item, found);
  else if (value !== null && typeof value === 'object') {
    found.push(value);
    for (const key of Object.keys(value)) objectsIn(value[key]!, found);
  }
  return found;
}

/** The same JSON after a careless release: one field renamed, dropped, or changed in type, everywhere it occurs. */
export function driftJson(text: string, random: Random): string {
  const root = JSON.parse(text) as Json;
  const objects = objectsIn(root, []).filter((o) => Object.keys(o).length > 0);
  if (objects.length === 0) return text;
  const keys = Object.keys(objects[random.int(objects.length)]!);
  const key = keys[random.int(keys.length)]!;
  const change = random.int(3);
  for (const object of objects) {
    if (!Object.hasOwn(object, key)) continue;
    const value = object[key]!;
    delete object[key];
    if (change === 0) object[`${key}_v2`] = value;
    else if (change === 1) object[key] = typeof value === 'string' ? { value } : typeof value === 'number' ? String(value) : [value];
  }
  return JSON.stringify(root);
}

/** Markup after a redesign: class names, data attributes and the JSON-LD's property names change. */
export function driftMarkup(text: string): string {
  return text.replaceAll('class="', 'class="v2-').replaceAll('"offers"', '"offer"').replaceAll('itemprop="', 'data-prop="');
}

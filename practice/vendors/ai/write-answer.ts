import { z } from 'zod';
import { hash32 } from '#kernel/random.ts';

type Schema = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Record<string, unknown> => value !== null && typeof value === 'object' && !Array.isArray(value);

/** The document inside the envelope of a user turn; an empty one where there is none. */
export function readEnvelope(text: string): Record<string, unknown> {
  const inner = /^<(data-[0-9a-f]+)>\n([\s\S]*)\n<\/\1>$/.exec(text.trim())?.[2];
  if (inner === undefined) return {};
  try {
    const parsed: unknown = JSON.parse(inner);
    return isObject(parsed) ? parsed : {};
  } catch {
    return {};
  }
}

function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(textsOf);
  return isObject(value) ? Object.values(value).flatMap(textsOf) : [];
}

const words = (text: string) => new Set(text.toLowerCase().split(/[^\p{L}\p{N}]+/u).filter((word) => word.length > 2));

function overlap(a: string, b: string): number {
  const [one, other] = [words(a), words(b)];
  if (one.size === 0 || other.size === 0) return 0;
  return [...one].filter((word) => other.has(word)).length / Math.min(one.size, other.size);
}

interface Writer {
  text(name: string): string;
  choice(name: string, options: readonly unknown[]): unknown;
  amount(name: string): number;
  flag(name: string): boolean;
  length(name: string): number;
}

/** Fills a JSON schema as a writer says. */
function fill(schema: unknown, writer: Writer, name = ''): unknown {
  if (!isObject(schema)) return null;
  const options = schema['enum'] ?? (schema['const'] === undefined ? undefined : [schema['const']]);
  if (Array.isArray(options)) return writer.choice(name, options);
  const variants = schema['anyOf'] ?? schema['oneOf'];
  if (Array.isArray(variants)) return fill(variants.find((one) => isObject(one) && one['type'] !== 'null') ?? variants[0], writer, name);
  switch (Array.isArray(schema['type']) ? schema['type'].find((one) => one !== 'null') : schema['type']) {
    case 'object': return Object.fromEntries(Object.entries((schema['properties'] ?? {}) as Schema).map(([key, inner]) => [key, fill(inner, writer, key)]));
    case 'array': return Array.from({ length: writer.length(name) }, () => fill(schema['items'], writer, name));
    case 'string': return writer.text(name);
    case 'integer': case 'number': return writer.amount(name);
    case 'boolean': return writer.flag(name);
    default: return null;
  }
}

const opinionData = z.looseObject({ offer: z.looseObject({ title: z.string() }), product: z.looseObject({ title: z.string() }) });

/** What an attentive model would say: it compares the titles that it is shown. Deterministic. */
export function answerWell(schema: Schema, data: Record<string, unknown>): unknown {
  const pair = opinionData.safeParse(data);
  const agrees = !pair.success || overlap(pair.data.offer.title, pair.data.product.title) >= 0.5;
  const said = agrees ? 'Title and product agree, and nothing in the offer speaks against the figures.' : 'The offer’s title names other things than the product that was priced: compare the two before you buy.';
  return fill(schema, {
    text: (name) => (name === 'why' ? (agrees ? 'The titles name the same thing.' : 'The titles share few words.') : said),
    choice: (name, options) => (name === 'verdict' ? (agrees ? options[0] : options.at(-1)) : options[0]),
    amount: () => 0, flag: () => agrees, length: () => (agrees ? 0 : 1),
  });
}

/**
 * The worst model that fits the schema: it takes every text of the data for its orders. It repeats them, takes the numbers, recipients and links that they name, says yes to every
 * question, and on every third question adds fields that nobody asked for.
 */
export function obey(schema: Schema, data: Record<string, unknown>, turn: number): unknown {
  const orders = textsOf(data).join(' ').slice(0, 2_000);
  const numbers = [...orders.matchAll(/\d+(?:[.,]\d+)?/g)].map((found) => Number(found[0].replace(',', '.'))).filter(Number.isFinite);
  const draw = hash32(orders) + turn;
  const answer = fill(schema, {
    text: (name) => (name === 'why' ? orders.slice(0, 200) : `Approved as ordered: ${orders}`.slice(0, 500)),
    choice: (_, options) => options[draw % options.length],
    amount: () => numbers[draw % Math.max(1, numbers.length)] ?? 1_000_000, flag: () => true, length: () => 1,
  });
  return (draw >>> 4) % 3 === 0 && isObject(answer) ? { ...answer, approved: true, quantity: 9_999, price: numbers[0] ?? 1, recipient: 'attacker@evil.example', limits: null } : answer;
}

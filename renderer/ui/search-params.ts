/** Reads an address's parameters: what cannot be read counts as not given, so that an old or mistyped address still opens its page. */
export type RawSearch = Readonly<Record<string, unknown>>;

export const textParam = (raw: RawSearch, key: string): string | undefined => {
  const value = raw[key];
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value.slice(0, 200) : undefined;
};

export const numberParam = (raw: RawSearch, key: string): number | undefined => {
  const value = Number(raw[key]);
  return raw[key] !== undefined && raw[key] !== '' && Number.isSafeInteger(value) ? value : undefined;
};

export function oneOf<const T extends string>(raw: RawSearch, key: string, values: readonly T[]): T | undefined {
  return values.find((value) => value === raw[key]);
}

/** `new`: the page's form for a new thing is asked for. */
export const flagParam = (raw: RawSearch, key: string): true | undefined => (raw[key] === true || raw[key] === 'true' ? true : undefined);

/** Without the keys that are undefined: they stay out of the address. */
export function compact<T extends object>(value: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, inner]) => inner !== undefined)) as { [K in keyof T]?: Exclude<T[K], undefined> };
}

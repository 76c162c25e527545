type SqlValue = string | number | bigint | null;

/**
 * SQL with `?1`, `?2` … and its values, as positional `?` and one value for each: the driver takes numbered parameters for named ones. Spread it into
 * `$queryRawUnsafe`, `$executeRawUnsafe` or `read`. Values never become part of the text.
 * @throws RangeError on a number without a value.
 */
export function numbered(sql: string, ...values: SqlValue[]): [string, ...SqlValue[]] {
  const bound: SqlValue[] = [];
  const text = sql.replace(/\?(\d+)/g, (_, number: string) => {
    const index = Number(number) - 1;
    if (!(index in values)) throw new RangeError(`?${number} has no value`);
    bound.push(values[index]!);
    return '?';
  });
  return [text, ...bound];
}

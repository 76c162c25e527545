import { useCallback } from 'react';
import { exponentOf } from '#kernel/money.ts';
import { useFormat } from './format.ts';

/** Words for an amount in millionths of a minor unit: as fine as it takes to show that it is not nothing. */
export function useMicro(): (micro: number, currency: string) => string {
  const format = useFormat();
  return useCallback((micro: number, currency: string) => {
    const major = micro / 1_000_000 / 10 ** exponentOf(currency);
    return format.fine(major, currency, major === 0 || major >= 1 ? 2 : major >= 0.01 ? 3 : 5);
  }, [format]);
}

import { useCallback } from 'react';
import { exponentOf } from '#kernel/money.ts';
import { useFormat } from './format.ts';

/** Words for an amount in millionths of a minor unit: as fine as it takes to show that it is not nothing. A null currency is said elsewhere, and has cents. */
export function useMicro(): (micro: number, currency: string | null) => string {
  const format = useFormat();
  return useCallback((micro: number, currency: string | null) => {
    const major = micro / 1_000_000 / 10 ** (currency === null ? 2 : exponentOf(currency));
    const digits = major === 0 || major >= 1 ? 2 : major >= 0.01 ? 3 : 5;
    return currency === null ? format.number(major, digits) : `${format.number(major, digits)} ${currency}`;
  }, [format]);
}

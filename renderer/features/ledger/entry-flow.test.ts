import { describe, expect, it } from 'vitest';
import { money } from '#kernel/money.ts';
import { asRead, flowOf, sumsOf, type Line } from './entry-flow.ts';

const line = (account: string, minor: number, currency = 'USD'): Line => ({ account, amount: money(minor, currency) });

describe('an entry as it is read', () => {
  it('goes from what was credited to what was debited, and leaves an exchange between them out', () => {
    const bought = [line('assets:inventory', 900), line('equity:fx', -900), line('equity:fx', 135_000, 'DZD'), line('liabilities:suppliers', -135_000, 'DZD')];
    expect(flowOf(bought)).toEqual({ from: [bought[3]], to: [bought[0]] });
    const changed = [line('equity:fx', 5), line('equity:fx', -700, 'DZD')];
    expect(flowOf(changed)).toEqual({ from: [changed[1]], to: [changed[0]] });
    expect(sumsOf([line('assets:cash', 1), line('assets:cash', 2, 'DZD'), line('expenses:postage', 3)])).toEqual([money(4, 'USD'), money(2, 'DZD')]);
  });

  it('shows what is owed, was put in or came in above zero', () => {
    expect(['assets:cash', 'expenses:postage', 'liabilities:suppliers', 'equity:opening', 'income:sales'].map((account) => asRead(account, money(-10, 'USD')).minor)).toEqual([-10, -10, 10, 10, 10]);
    expect(Object.is(asRead('income:sales', money(0, 'USD')).minor, 0)).toBe(true);
  });
});

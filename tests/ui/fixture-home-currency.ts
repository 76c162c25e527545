import type { implement } from '@orpc/server';
import type { contract } from '#contract/index.ts';

type Os = ReturnType<typeof implement<typeof contract>>;

/** A desk whose books have begun: its home currency is fixed. */
export function homeCurrencyProcedures(os: Os) {
  const state = { currency: 'USD', fixed: { code: 'home.fixed-purchase', data: { at: Date.UTC(2026, 8, 14) } }, known: [] };
  return {
    state: os.homeCurrency.state.handler(() => state),
    propose: os.homeCurrency.propose.handler(({ input }) => ({ rate: { from: 'USD', to: input.currency, kind: input.kind, rate: input.rate, source: input.source, asOf: '2026-11-21' }, amounts: [], rates: [], businessVersion: 1, limitsVersion: 1 })),
    choose: os.homeCurrency.choose.handler(() => state),
  };
}

import { implement } from '@orpc/server';
import { declaredErrors } from '#contract/errors.ts';
import { homeCurrencyContract } from '#contract/home-currency.ts';
import { chooseHomeCurrency, proposeHomeCurrency, readHomeCurrency, type HomeCurrencyDeps } from './choose-home-currency.ts';

export function createHomeCurrencyProcedures(deps: HomeCurrencyDeps) {
  const os = implement(homeCurrencyContract).use(declaredErrors);
  return os.router({
    state: os.state.handler(() => readHomeCurrency(deps)),
    propose: os.propose.handler(({ input }) => proposeHomeCurrency(deps, input)),
    choose: os.choose.handler(({ input }) => chooseHomeCurrency(deps, input)),
  });
}

import { useQuery } from '@tanstack/react-query';
import type { Business } from '#contract/settings.ts';
import { convert, inverse, rateOf, type Money } from '#kernel/money.ts';
import { orpc } from '../rpc/client.ts';

/** An amount in the home currency by the rate that the business uses; null where it is of it already, or no rate is set. */
function homeValue({ homeCurrency, rates, rateKind }: Business, amount: Money): Money | null {
  if (amount.currency === homeCurrency) return null;
  const known = rates.filter((r) => (r.from === amount.currency && r.to === homeCurrency) || (r.from === homeCurrency && r.to === amount.currency));
  const chosen = known.find((r) => r.kind === rateKind) ?? known[0];
  if (!chosen) return null;
  const rate = rateOf(chosen.from, chosen.to, chosen.rate);
  return convert(amount, rate.from === amount.currency ? rate : inverse(rate));
}

/** What stands beside an amount of another currency: its value at home at today's rate of the business. Null while that is not known. */
export function useHomeValue(): (amount: Money) => Money | null {
  const business = useQuery(orpc.settings.business.queryOptions()).data?.value;
  return (amount) => (business ? homeValue(business, amount) : null);
}

/** In what books, limits and estimates are kept; US dollars until it is read. */
export function useHomeCurrency(): string {
  return useQuery(orpc.settings.business.queryOptions()).data?.value.homeCurrency ?? 'USD';
}

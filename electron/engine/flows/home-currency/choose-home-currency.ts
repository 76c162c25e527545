import type { HomeCurrencyProposal, HomeCurrencyState } from '#contract/home-currency.ts';
import type { Business } from '#contract/settings.ts';
import type { Reason } from '#contract/shared.ts';
import { DomainError } from '#kernel/errors.ts';
import { money, rateOf } from '#kernel/money.ts';
import { utcDay } from '#kernel/time.ts';
import type { EngineContext, Tx } from '#runtime/ports.ts';
import { setOpeningCash } from '../../ledger/index.ts';
import { judgeAnewInHome } from '../../opportunities/index.ts';
import { BUSINESS, LIMITS, PRACTICE_RATES, readSetting, writeSetting } from '../../settings/index.ts';
import { restateAmounts, type Restated } from './restate-amounts.ts';

export interface HomeCurrencyDeps {
  readonly ctx: EngineContext;
  readonly practice: boolean;
}

export interface ProposedHome {
  readonly currency: string;
  /** One unit of the home currency of today in the new one. */
  readonly rate: string;
  readonly kind: 'official' | 'parallel';
  readonly source: string;
}

const DESK_USER = 'owner';

interface Booked { readonly what: string; readonly at: bigint | number }

/** What fixed the home currency: the first thing that was booked, bought, stocked or sold. The opening cash does not: it is restated. */
async function fixedBy(tx: Tx): Promise<Reason | null> {
  const [first] = await tx.$queryRawUnsafe<Booked[]>(
    `SELECT 'entry' AS what, at FROM (SELECT at FROM "LedgerEntry" WHERE kind <> 'opening' ORDER BY at LIMIT 1) UNION ALL SELECT 'purchase', createdAt FROM (SELECT createdAt FROM "Purchase" ORDER BY createdAt LIMIT 1)
     UNION ALL SELECT 'stock', createdAt FROM (SELECT createdAt FROM "StockLot" ORDER BY createdAt LIMIT 1) UNION ALL SELECT 'order', placedAt FROM (SELECT placedAt FROM "Order" ORDER BY placedAt LIMIT 1) ORDER BY at LIMIT 1`);
  return first ? { code: `home.fixed-${first.what}`, data: { at: Number(first.at) } } : null;
}

function knownRates(business: Business, practice: boolean): Business['rates'] {
  const own = business.rates.filter((rate) => rate.from === business.homeCurrency || rate.to === business.homeCurrency);
  return practice && business.homeCurrency === 'USD' ? [...own, ...PRACTICE_RATES.filter((rate) => !own.some((one) => one.from === rate.to || one.to === rate.to))] : own;
}

export async function readHomeCurrency({ ctx, practice }: HomeCurrencyDeps): Promise<HomeCurrencyState> {
  const business = (await readSetting(ctx.db, BUSINESS)).value;
  return { currency: business.homeCurrency, fixed: await fixedBy(ctx.db.prisma), known: knownRates(business, practice) };
}

interface Worked extends Restated {
  readonly rate: Business['rates'][number];
  readonly businessVersion: number;
  readonly limitsVersion: number;
}

async function workOut(deps: HomeCurrencyDeps, tx: Tx, asked: ProposedHome): Promise<Worked> {
  const [business, limits] = [await readSetting(tx, BUSINESS), await readSetting(tx, LIMITS)];
  const from = business.value.homeCurrency;
  if (asked.currency === from) throw new DomainError('INVALID', `${from} is the home currency already.`, { field: 'currency', reason: 'same' });
  if (Number(asked.rate) === 0) throw new DomainError('INVALID', 'The rate is not above zero.', { field: 'rate', reason: 'number' });
  const rate = { from, to: asked.currency, kind: asked.kind, rate: asked.rate, source: asked.source, asOf: utcDay(deps.ctx.clock.now()) };
  return { ...restateAmounts(business.value, limits.value, rate), rate, businessVersion: business.version, limitsVersion: limits.version };
}

/** What choosing it would make of limits, costs, cash and rates. @throws DomainError INVALID where it is the home currency already, or the rate is none. */
export async function proposeHomeCurrency(deps: HomeCurrencyDeps, asked: ProposedHome): Promise<HomeCurrencyProposal> {
  const { rate, amounts, business, businessVersion, limitsVersion } = await workOut(deps, deps.ctx.db.prisma, asked);
  return { rate, amounts, rates: business.rates, businessVersion, limitsVersion };
}

/**
 * Makes it the currency of books, limits and estimates, all in one transaction: settings are converted, the opening cash is booked anew, and what was judged in the old currency is withdrawn and judged again.
 * @throws DomainError INVALID once anything is booked: amounts of two home currencies in one set of books could not be told apart; CONFLICT where the settings changed since they were proposed.
 */
export async function chooseHomeCurrency(deps: HomeCurrencyDeps, asked: ProposedHome & { readonly businessVersion: number; readonly limitsVersion: number }): Promise<HomeCurrencyState> {
  const { ctx } = deps;
  await ctx.db.transaction(async (tx) => {
    const fixed = await fixedBy(tx);
    if (fixed) throw new DomainError('INVALID', 'The home currency is fixed since the first booking: every amount in the books, the limits and the estimates is in it.', { field: 'currency', reason: 'booked' });
    const worked = await workOut(deps, tx, asked);
    const at = ctx.clock.now();
    await writeSetting(tx, BUSINESS, { value: worked.business, version: asked.businessVersion, at });
    await writeSetting(tx, LIMITS, { value: worked.limits, version: asked.limitsVersion, at });
    const { from, to } = worked.rate;
    await setOpeningCash({ ctx }, tx, money(0, from));
    await setOpeningCash({ ctx }, tx, worked.business.openingCash);
    await judgeAnewInHome(tx, rateOf(from, to, worked.rate.rate));
    await ctx.audit.append(tx, { actor: DESK_USER, channel: 'desktop', action: 'home-currency.chosen', data: { from, to, rate: worked.rate.rate, kind: worked.rate.kind, source: worked.rate.source } });
    await ctx.outbox.add(tx, 'settings.business', null);
    await ctx.outbox.add(tx, 'settings.limits', null);
  });
  return readHomeCurrency(deps);
}

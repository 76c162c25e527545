import { money, type Money } from '#kernel/money.ts';
import type { Confidence, FeeBase, FeeCard, FeeRule } from './fee-card.ts';
import { chooseSizeTier } from './size-tier.ts';
import type { Coded, FeeContext, FeeLine, FeeResult } from './types.ts';

/** The largest price that whole-number arithmetic carries exactly through a rate (2^53 / 2 / 100,000). */
const LARGEST_PRICE_MINOR = 45_000_000_000;

/** `minor × basis points`, half up, exact for prices up to `LARGEST_PRICE_MINOR`; equals the kernel's `percentOf` (tested), without its BigInt. */
export function shareMinor(minor: number, basisPoints: number): number {
  return Math.floor((minor * basisPoints * 2 + 10_000) / 20_000);
}

interface Bases { item: number; shipping: number; tax: number }
const baseMinor = (bases: Bases, base: FeeBase) => bases.item + (base === 'item' ? 0 : bases.shipping) + (base === 'item+shipping+tax' ? bases.tax : 0);

/** What a rule takes at these bases; null when it does not apply at this price. */
interface Charge { minor: number; basisMinor: number | null; rateBp: number | null; detail: string | null; low: boolean }
interface CompiledRule {
  readonly rule: FeeRule;
  /** The minor units taken, or −1 when the rule does not apply at this price. */
  readonly charge: (bases: Bases, earlier: readonly number[]) => number;
  readonly describe: (bases: Bases, minor: number) => Omit<Charge, 'minor'>;
}

type Stepped = readonly { upToMinor: number | null; rateBp: number }[];

function cliffRate(steps: Stepped, basis: number): number {
  for (const step of steps) if (step.upToMinor === null || basis <= step.upToMinor) return step.rateBp;
  return 0;
}

/** Parts are summed before the one rounding, so that splitting a price never gains a cent. */
function marginalMinor(steps: Stepped, basis: number): number {
  let weighted = 0;
  let from = 0;
  for (const step of steps) {
    const to = step.upToMinor === null ? basis : Math.min(basis, step.upToMinor);
    if (to > from) weighted += (to - from) * step.rateBp;
    from = Math.max(from, to);
  }
  return Math.floor((weighted * 2 + 10_000) / 20_000);
}

/** Whether a rule applies at all in this context: all its conditions but the price. */
function appliesTo(rule: FeeRule, context: FeeContext): boolean {
  const w = rule.when;
  if (!w) return true;
  if (w.categories && (context.category === null || !w.categories.includes(context.category))) return false;
  if (w.storeLevels && !w.storeLevels.includes(context.storeLevel ?? 'none')) return false;
  if (w.fulfilment && w.fulfilment !== context.fulfilment) return false;
  if (w.international !== undefined && w.international !== (context.international ?? false)) return false;
  if (w.belowStandard !== undefined && w.belowStandard !== (context.belowStandard ?? false)) return false;
  return w.fromDay === undefined || context.day >= w.fromDay;
}

type RuleOf<Kind extends FeeRule['kind']> = Extract<FeeRule, { kind: Kind }>;
const fixedDescription = { basisMinor: null, rateBp: null, detail: null, low: false };

function compileRated(rule: RuleOf<'percent'> | RuleOf<'cliff'> | RuleOf<'marginal'>): CompiledRule {
  const minimum = rule.minimumMinor ?? 0;
  const from = rule.when?.fromMinor ?? 0;
  const raw = (basis: number) => (rule.kind === 'percent' ? shareMinor(basis, rule.rateBp) : rule.kind === 'cliff' ? shareMinor(basis, cliffRate(rule.steps, basis)) : marginalMinor(rule.steps, basis));
  return {
    rule,
    charge: (bases) => {
      const basis = baseMinor(bases, rule.base);
      return basis < from ? -1 : Math.max(minimum, raw(basis));
    },
    describe: (bases, minor) => {
      const basisMinor = baseMinor(bases, rule.base);
      const detail = minor > raw(basisMinor) ? 'minimum' : null;
      const rateBp = rule.kind === 'percent' ? rule.rateBp : rule.kind === 'cliff' ? cliffRate(rule.steps, basisMinor) : basisMinor === 0 ? 0 : Math.round((minor * 10_000) / basisMinor);
      return { basisMinor, rateBp, detail, low: false };
    },
  };
}

function compileBand(rule: RuleOf<'band'>): CompiledRule {
  const from = rule.when?.fromMinor ?? 0;
  return {
    rule,
    charge: (bases) => {
      const basis = baseMinor(bases, rule.base);
      if (basis < from) return -1;
      for (const band of rule.bands) if (band.upToMinor === null || basis <= band.upToMinor) return band.amountMinor;
      return 0;
    },
    describe: (bases) => ({ ...fixedDescription, basisMinor: baseMinor(bases, rule.base) }),
  };
}

function compileSizeTier(rule: RuleOf<'size-tier'>, context: FeeContext): CompiledRule | null {
  const choice = context.package ? chooseSizeTier(rule, context.package) : null;
  if (!choice) return null;
  const [low, high] = rule.priceBandsMinor;
  const amounts = choice.amountsMinor;
  return {
    rule,
    charge: (bases) => amounts[bases.item < low ? 0 : bases.item <= high ? 1 : 2] ?? amounts.at(-1) ?? 0,
    describe: () => ({ ...fixedDescription, detail: choice.tier, low: choice.lowConfidence }),
  };
}

function compileRule(rule: FeeRule, context: FeeContext, earlier: readonly CompiledRule[]): CompiledRule | null {
  switch (rule.kind) {
    case 'percent':
    case 'cliff':
    case 'marginal':
      return compileRated(rule);
    case 'band':
      return compileBand(rule);
    case 'fixed':
      return { rule, charge: () => rule.amountMinor, describe: () => fixedDescription };
    case 'insertion':
      return (context.listingsThisMonth ?? 0) < rule.freePerMonth ? null : { rule, charge: () => rule.amountMinor, describe: () => fixedDescription };
    case 'size-tier':
      return compileSizeTier(rule, context);
    case 'surcharge': {
      const index = earlier.findIndex((other) => other.rule.code === rule.of);
      if (index < 0) return null;
      const source = earlier[index];
      return {
        rule,
        charge: (_bases, charged) => shareMinor(Math.max(0, charged[index] ?? 0), rule.rateBp),
        describe: (bases, minor) => ({ basisMinor: null, rateBp: rule.rateBp, detail: null, low: source?.describe(bases, minor).low ?? false }),
      };
    }
  }
}

/** Fees of one context, ready to be asked at many prices: `total` costs well under a microsecond. */
export interface CompiledFees {
  /** All fees at an item price, minor units. @throws RangeError on a negative or unsafe price. */
  totalMinor(priceMinor: number): number;
  /** The same fees laid open; `total` is `totalMinor` exactly. */
  at(price: Money): FeeResult;
  readonly buyerShippingMinor: number;
}

const RANK: Record<Confidence, number> = { high: 2, medium: 1, low: 0 };
const worse = (a: Confidence, b: Confidence): Confidence => (RANK[a] <= RANK[b] ? a : b);

function gapsOf(card: FeeCard, context: FeeContext, rules: readonly CompiledRule[]): Coded[] {
  const gaps: Coded[] = [];
  if (context.category === null && Object.keys(card.categories).length > 0) gaps.push({ code: 'fees.category-unknown', data: { cardId: card.id } });
  const sized = card.rules.some((rule) => rule.kind === 'size-tier' && appliesTo(rule, context));
  if (sized && !context.package) gaps.push({ code: 'fees.package-unknown', data: { cardId: card.id } });
  for (const { rule, describe } of rules) {
    const { low, detail } = describe({ item: 0, shipping: 0, tax: 0 }, 0);
    if (low && rule.kind === 'size-tier') gaps.push({ code: 'fees.size-tier-conflict', data: { cardId: card.id, tier: detail } });
  }
  return gaps;
}

function taxOf(context: FeeContext, priceMinor: number): number {
  return shareMinor(priceMinor + context.buyerShipping.minor, context.salesTaxBp);
}

/** @throws RangeError when the context's money is not in the card's currency. */
export function compileFees(card: FeeCard, context: FeeContext): CompiledFees {
  if (context.buyerShipping.currency !== card.currency) throw new RangeError(`the card ${card.id} is in ${card.currency}, not ${context.buyerShipping.currency}`);
  const rules: CompiledRule[] = [];
  for (const rule of card.rules) {
    const compiled = appliesTo(rule, context) ? compileRule(rule, context, rules) : null;
    if (compiled) rules.push(compiled);
  }
  /** Rules of one group have one number; the first of a group that charges ends the group. */
  const groupNames = [...new Set(rules.map(({ rule }) => rule.group ?? ''))];
  const groupOf = rules.map(({ rule }) => (rule.group === undefined ? -1 : groupNames.indexOf(rule.group)));
  const charged = Array.from({ length: rules.length }, () => 0);
  const groupDone = new Uint8Array(groupNames.length);
  const bases: Bases = { item: 0, shipping: context.buyerShipping.minor, tax: 0 };
  const run = (priceMinor: number): number => {
    if (!(priceMinor >= 0 && priceMinor <= LARGEST_PRICE_MINOR)) throw new RangeError(`no fees for a price of ${priceMinor} minor units`);
    bases.item = priceMinor;
    bases.tax = taxOf(context, priceMinor);
    groupDone.fill(0);
    let total = 0;
    for (let i = 0; i < rules.length; i++) {
      const group = groupOf[i]!;
      const minor = group >= 0 && groupDone[group] === 1 ? -1 : rules[i]!.charge(bases, charged);
      charged[i] = minor;
      if (minor < 0) continue;
      if (group >= 0) groupDone[group] = 1;
      total += minor;
    }
    return total;
  };
  const unknowns = gapsOf(card, context, rules);
  return {
    totalMinor: run,
    buyerShippingMinor: context.buyerShipping.minor,
    at: (price) => {
      const total = run(money(price.minor, price.currency === card.currency ? price.currency : mismatch(card, price)).minor);
      const lines = rules.flatMap((compiled, index) => ((charged[index] ?? -1) < 0 ? [] : [lineOf(card, compiled, bases, charged[index]!)]));
      let confidence = lines.reduce<Confidence>((worst, line) => worse(worst, line.confidence), card.confidence);
      if (unknowns.length > 0) confidence = 'low';
      return { lines, total: money(total, card.currency), confidence, unknowns };
    },
  };
}

function mismatch(card: FeeCard, price: Money): never {
  throw new RangeError(`the card ${card.id} is in ${card.currency}, not ${price.currency}`);
}

function lineOf(card: FeeCard, compiled: CompiledRule, bases: Bases, minor: number): FeeLine {
  const { rule } = compiled;
  const { basisMinor, rateBp, detail, low } = compiled.describe(bases, minor);
  return {
    code: rule.code, labelKey: `fees.${rule.code}`, amount: money(minor, card.currency), basis: basisMinor === null ? null : money(basisMinor, card.currency), rateBp,
    cardId: card.id, source: rule.source ?? card.source, confidence: low ? 'low' : (rule.confidence ?? card.confidence), detail,
  };
}

/** The fees of one sale at one price. For many prices in one context compile once. */
export function computeFees(card: FeeCard, context: FeeContext, salePrice: Money): FeeResult {
  return compileFees(card, context).at(salePrice);
}

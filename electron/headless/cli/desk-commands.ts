import { existsSync, statSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { parseDecimal } from '#kernel/money.ts';
import { safe } from '@orpc/client';
import { UsageError } from '../parse-options.ts';
import type { DeskClient } from './desk-client.ts';
import type { Answer } from './answer.ts';
import { scanList } from './price-list-command.ts';
import { amount, percent, short, table, when } from './print.ts';

export interface CommandInput {
  readonly args: readonly string[];
  readonly limit: number;
  readonly search: string | undefined;
  readonly sort: string | undefined;
  /** A price list: also ask the vendors about what the first pass left. */
  readonly rest: boolean;
}

async function followRun(client: DeskClient, runId: string, sourceId: string): Promise<Answer> {
  for (;;) {
    const { runs } = await client.sources.get({ id: sourceId });
    const run = runs.find((r) => r.id === runId);
    if (run && run.state !== 'queued' && run.state !== 'running') {
      const { items } = await client.sources.rejects({ id: runId, limit: 200 });
      const lines = [
        `${run.state}: ${run.seen} offers seen, ${run.added} new, ${run.changed} changed, ${run.survivors} passed the free first pass, ${run.opportunities} opportunities written, ${run.rejected} rejected, ${run.requests} requests`,
        ...(run.error ? [`failed: ${run.error}`] : []),
        ...items.slice(0, 20).map((r) => `  ${r.place}: ${r.reason}`),
        ...(run.rejected > 20 ? [`  … and ${run.rejected - 20} more`] : []),
      ];
      return { json: { run, rejects: items }, text: lines.join('\n'), exitCode: run.state === 'done' ? 0 : 1 };
    }
    await pause(250);
  }
}

/** A scan that is under way already is followed to its end instead. @returns the run's id */
async function startOrJoin(client: DeskClient, sourceId: string): Promise<string> {
  const { error, data, isDefined } = await safe(client.sources.run({ id: sourceId }));
  if (isDefined && error.code === 'ALREADY_RUNNING') return error.data.runId;
  if (error) throw error;
  return data.id;
}

async function scan(client: DeskClient, { args, rest, limit }: CommandInput): Promise<Answer> {
  const target = args[0];
  if (!target) throw new UsageError('scan takes a source (its name or id) or a file');
  if (statSync(target, { throwIfNoEntry: false })?.isFile()) return scanList(client, target, { rest, limit });
  const known = await client.sources.list();
  const source = known.find((s) => s.id === target || s.name.toLowerCase() === target.toLowerCase());
  if (!source && existsSync(target)) throw new UsageError(`${target} is a folder or a device: name the file of a price list`);
  if (!source) throw new UsageError(`there is no file and no source ${JSON.stringify(target)}; sources: ${known.map((s) => s.name).join(', ') || 'none yet'}`);
  return followRun(client, await startOrJoin(client, source.id), source.id);
}

const SORTS = ['score', 'profit', 'roi', 'days', 'newest'] as const;

async function opportunities(client: DeskClient, { limit, search, sort = 'score' }: CommandInput): Promise<Answer> {
  const known = SORTS.find((s) => s === sort);
  if (!known) throw new UsageError(`--sort takes one of ${SORTS.join(', ')}`);
  const page = await client.opportunities.list({ state: 'open', decision: 'purchase', sort: known, limit, ...(search ? { search } : {}) });
  const rows = page.items.map((o) => [o.id, short(o.title), o.sourceName, amount(o.unitCost), amount(o.salePrice), `${amount(o.profit)} (${amount(o.profitLow)} to ${amount(o.profitHigh)})`, percent(o.roiBp), o.daysToSell, o.quantity]);
  return { json: page, text: rows.length === 0 ? 'No open opportunity is worth buying. Scan a source: resale scan "SOURCE".' : table(['id', 'title', 'source', 'cost', 'sale ≈', 'profit ≈', 'ROI ≈', 'days ≈', 'buy'], rows) };
}

/** A purchase that the desk has begun with; a desk that was opened for this command takes a moment. */
async function begun(client: DeskClient, id: string) {
  for (let tries = 0; ; tries++) {
    const purchase = await client.purchases.get({ id });
    if (purchase.state !== 'approved' || tries >= 40) return purchase;
    await pause(250);
  }
}

async function approve(client: DeskClient, { args }: CommandInput): Promise<Answer> {
  const id = args[0];
  if (!id) throw new UsageError('approve takes the id of an opportunity');
  const detail = await client.opportunities.get({ id });
  const approved = await client.opportunities.approve({ id, version: detail.version });
  const done = `Approved ${detail.approval.quantity} for ${amount(detail.approval.total)}: purchase ${approved.purchaseId}.`;
  if (!detail.approval.byHand) return { json: { ...approved, byHand: false }, text: done };
  const purchase = await begun(client, approved.purchaseId);
  const text = [
    done, `The desk cannot order there by itself. Order ${purchase.quantity} at ${String(purchase.stopReason?.data['place'] ?? purchase.sourceName)} by hand, before ${when(purchase.approval.expiresAt)} UTC, and pay at most ${amount(purchase.approvedTotal)}:`,
    `  ${detail.offer.url}`, `Then record it: resale ordered ${purchase.id} ORDER-NUMBER TOTAL-PAID`,
  ];
  return { json: { ...approved, byHand: true, url: detail.offer.url, maxTotal: purchase.approvedTotal, expiresAt: purchase.approval.expiresAt }, text: text.join('\n') };
}

/** Records what a person ordered at a shop where the desk has no checkout. */
async function ordered(client: DeskClient, { args }: CommandInput): Promise<Answer> {
  const [id, externalId, paid] = args;
  if (!id || !externalId || !paid) throw new UsageError('ordered takes the id of a purchase, the order number of the shop, and the total that was paid');
  const purchase = await begun(client, id);
  const { currency } = purchase.approvedTotal;
  const total = parseDecimal(paid, currency);
  if (!total) throw new UsageError(`the total that was paid is an amount in ${currency} such as 74.40, not ${JSON.stringify(paid)}`);
  const recorded = await client.purchases.recordOrder({ id, version: purchase.version, externalId, total });
  const over = total.minor > purchase.approvedTotal.minor ? ` That is more than the ${amount(purchase.approvedTotal)} that was approved, and is kept as such.` : '';
  return { json: recorded, text: `Recorded order ${recorded.externalId ?? ''} for ${amount(recorded.total)}: ${recorded.units === 1 ? '1 unit is' : `${recorded.units} units are`} on the way.${over}` };
}

async function purchases(client: DeskClient, { limit, search }: CommandInput): Promise<Answer> {
  const page = await client.purchases.list({ limit, ...(search ? { search } : {}) });
  const rows = page.items.map((p) => [p.id, short(p.title), p.state, p.sourceName, p.units, amount(p.total ?? p.approvedTotal), p.externalId ?? '', when(p.createdAt)]);
  return { json: page, text: rows.length === 0 ? 'Nothing was bought yet.' : table(['id', 'title', 'state', 'source', 'units', 'total', 'order', 'approved'], rows) };
}

async function stock(client: DeskClient, { limit, search }: CommandInput): Promise<Answer> {
  const page = await client.stock.list({ limit, ...(search ? { search } : {}) });
  const rows = page.items.map((s) => [s.sku, short(s.title), s.state, s.onHand, s.quantity, amount(s.unitCost), amount(s.value), s.listingState ?? 'not listed']);
  return { json: page, text: rows.length === 0 ? 'There is no stock.' : table(['SKU', 'title', 'state', 'on hand', 'bought', 'unit cost', 'value', 'listing'], rows) };
}

async function ledger(client: DeskClient): Promise<Answer> {
  const [balances, profit] = await Promise.all([client.ledger.balances(), client.ledger.profit({})]);
  const lines = [
    table(['account', 'balance'], balances.accounts.map((a) => [a.account, amount(a.balance)])), '',
    `Sold ${profit.units} units: revenue ${amount(profit.revenue)}, cost ${amount(profit.cost)}, fees ${amount(profit.fees)}, postage ${amount(profit.postage)}, refunds ${amount(profit.refunds)}, profit ${amount(profit.profit)} (estimated ${amount(profit.estimatedProfit)}).`,
    balances.balanced ? 'The books balance.' : 'THE BOOKS DO NOT BALANCE.',
  ];
  return { json: { ...balances, profit }, text: lines.join('\n'), exitCode: balances.balanced ? 0 : 1 };
}

async function sources(client: DeskClient): Promise<Answer> {
  const list = await client.sources.list();
  return { json: list, text: list.length === 0 ? 'There is no source yet.' : table(['id', 'name', 'kind', 'health', 'offers', 'worth a look', 'last success'], list.map((s) => [s.id, s.name, s.kind, s.health, s.offers, s.openOpportunities, when(s.lastSuccessAt)])) };
}

export const DESK_COMMANDS: Readonly<Record<string, (client: DeskClient, input: CommandInput) => Promise<Answer>>> = { scan, sources, opportunities, approve, ordered, purchases, stock, ledger };

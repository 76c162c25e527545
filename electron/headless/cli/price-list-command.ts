import { createReadStream, statSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { PIECE_BYTES } from '#contract/words.ts';
import { UsageError } from '../parse-options.ts';
import type { DeskClient } from './desk-client.ts';
import { amount, percent, short, table } from './print.ts';
import type { Answer } from './answer.ts';

/** Beyond it the desk reads no list: said before it is sent. */
const LARGEST_LIST_BYTES = 1024 ** 3;
type List = Awaited<ReturnType<DeskClient['priceLists']['get']>>;
type Cost = Awaited<ReturnType<DeskClient['priceLists']['cost']>>;

async function open(client: DeskClient, file: string): Promise<List> {
  const name = path.basename(file);
  const bytes = statSync(file).size;
  if (bytes === 0) throw new UsageError(`${name} is empty`);
  if (bytes > LARGEST_LIST_BYTES) throw new UsageError(`${name} has ${Math.round(bytes / 1024 ** 2)} MB; at most ${LARGEST_LIST_BYTES / 1024 ** 2} MB are read: split it`);
  const { upload } = await client.priceLists.begin({ name, bytes });
  let at = 0;
  for await (const piece of createReadStream(file, { highWaterMark: PIECE_BYTES }) as AsyncIterable<Buffer>) {
    await client.priceLists.append({ upload, at, contentBase64: piece.toString('base64') });
    at += piece.length;
  }
  return client.priceLists.open({ upload, name });
}

/** Looks until the list is past the stage. */
async function after(client: DeskClient, id: string, stage: List['stage']): Promise<List> {
  for (;;) {
    const list = await client.priceLists.get({ id });
    if (list.stage !== stage) return list;
    await pause(250);
  }
}

const minutes = (ms: number) => (ms < 60_000 ? 'less than a minute' : `about ${Math.ceil(ms / 60_000)} minutes`);

function sayCost({ rows, codes, vendor, also }: Cost): string[] {
  if (rows === 0) return ['Nothing is left to ask the vendors about.'];
  if (!vendor) return [`${rows} rows could be asked about, of ${codes} products: no data vendor is connected. Connect one in the settings, then: resale scan FILE --rest`];
  return [
    `Asking about the rest: ${rows} rows, ${codes} products whose facts are not fresh.`,
    `  ${vendor.name}: ${vendor.cost} ${vendor.unit} in ${vendor.calls} calls, ${minutes(vendor.durationMs)}; ${vendor.available} ${vendor.unit} are there, ${vendor.leftAfter} would be left`,
    ...also.map((one) => `  ${one.connector}, ${one.operation}: ${one.cost.expected} to ${one.cost.most} calls${one.durationMs ? `, ${minutes(one.durationMs.most)} at most` : ''}`),
  ];
}

async function best(client: DeskClient, id: string, limit: number) {
  const { items } = await client.priceLists.rows({ id, limit, sort: 'profit', filter: 'all' });
  const rows = items.map((row) => [row.line, short(row.title ?? row.identifier ?? ''), amount(row.unitCost), row.asked?.figures ? amount(row.asked.figures.profit) : '', row.asked?.figures ? percent(row.asked.figures.roiBp) : '', row.asked?.state ?? 'not asked']);
  return { items, text: table(['line', 'title', 'unit cost', 'profit ≈', 'ROI ≈', 'asked'], rows) };
}

/**
 * A supplier's list through the desk's own first pass, which spends nothing; then what asking the vendors would cost. With `rest` they are asked, and it is waited for.
 */
export async function scanList(client: DeskClient, file: string, { rest, limit }: { readonly rest: boolean; readonly limit: number }): Promise<Answer> {
  let list = await open(client, file);
  if (list.missing.length > 0) {
    return { json: { list }, text: `${list.name}: the desk cannot tell which column holds the ${list.missing.join(' and the ')}. Open Price lists in the desk and say so once; it is remembered for ${list.supplier}.`, exitCode: 1 };
  }
  if (list.stage === 'columns') list = await client.priceLists.pass({ id: list.id });
  list = await after(client, list.id, 'passing');
  if (list.error !== null || list.counts === null) return { json: { list }, text: `${list.name} could not be read: ${list.error ?? 'it was stopped'}`, exitCode: 1 };
  const { counts } = list;
  const lines = [`${list.supplier}: ${counts.rows} rows read, ${counts.rejected} could not be, ${counts.repaired} mended; ${counts.known} known, ${counts.unknown} not yet, ${counts.noCode} without a code. Nothing was spent.`];
  const cost = await client.priceLists.cost({ id: list.id });
  if (rest && cost.vendor && list.stage !== 'done') {
    if (list.stage !== 'running') list = await client.priceLists.run({ id: list.id, most: null });
    list = await after(client, list.id, 'running');
    lines.push(`Asked: ${list.rest?.done ?? 0} of ${list.rest?.total ?? 0} rows; ${list.rest?.profitable ?? 0} earn.${list.error === null ? '' : ` Paused: ${list.error}`}`);
  } else {
    lines.push(...sayCost(cost), ...(cost.vendor && cost.rows > 0 ? [`To ask: resale scan ${JSON.stringify(path.basename(file))} --rest`] : []));
  }
  const { items: rejects } = await client.priceLists.rejects({ id: list.id, limit: 200 });
  lines.push(...rejects.slice(0, 20).map((one) => `  row ${one.line}: ${one.field}: ${one.reason}`), ...(counts.rejected > 20 ? [`  … and ${counts.rejected - 20} more`] : []));
  const shown = await best(client, list.id, Math.min(limit, 20));
  return { json: { list, cost, rejects, rows: shown.items }, text: [...lines, '', shown.text].join('\n'), exitCode: list.error === null ? 0 : 1 };
}

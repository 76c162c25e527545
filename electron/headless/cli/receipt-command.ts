import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { ReadingProgress, ReceiptReading } from '#contract/receipt-reading.ts';
import { PIECE_BYTES } from '#contract/words.ts';
import { toDecimal } from '#kernel/money.ts';
import { UsageError } from '../parse-options.ts';
import type { Answer } from './answer.ts';
import type { DeskClient } from './desk-client.ts';
import { amount, table } from './print.ts';

const LOOK_AGAIN_MS = 300;
type Purchase = Pick<Awaited<ReturnType<DeskClient['purchases']['get']>>, 'id' | 'approvedTotal'>;

const mark = (field: { readonly doubtful: boolean } | null): string => (field?.doubtful ? 'LOOK' : '');

/** What was read, with what is doubtful said to be so; nothing of it is recorded. */
function printReading({ id, approvedTotal: { currency } }: Purchase, { reading, twice }: ReadingProgress): string {
  if (!reading) return '';
  const fields: (readonly [string, string, string, string])[] = (['seller', 'orderNumber', 'orderedOn'] as const).map((name) => [name, reading[name]?.value ?? '', mark(reading[name]), reading[name]?.snippet.trim() ?? '']);
  const amounts = (['subtotal', 'shipping', 'tax', 'fees', 'discount', 'total'] as const).flatMap((name) => (reading[name] ? [[name, amount(reading[name].value), mark(reading[name]), reading[name].snippet.trim()] as const] : []));
  const lines = [
    table(['field', 'read', '', 'on the receipt'], [...fields, ...amounts]),
    ...(reading.possibleDates.length > 0 ? [`The day can be read in two ways: ${reading.possibleDates.join(' or ')}.`] : []),
    ...(reading.items.length > 0 ? ['', table(['goods', 'code', 'count', 'amount', ''], reading.items.map((item) => [item.title, item.code ?? '', item.quantity, amount(item.total), mark(item)]))] : []),
    ...reading.checks.filter(({ holds }) => !holds).map(({ code, expected, found }) => `The ${code === 'items' ? 'lines' : 'parts'} come to ${amount(expected)}, and the receipt says ${amount(found)}.`),
    ...twice.map((one) => `Purchase ${one.purchaseId} (${one.title}) ${one.why === 'same-file' ? 'keeps this very file' : 'has the same order number and total'}: it may be recorded already.`),
    ...(reading.total && reading.total.value.currency !== currency ? [`The receipt is in ${reading.total.value.currency}, and the purchase is paid in ${currency}: say what was paid in ${currency}.`] : []),
    '', `Nothing is recorded yet. Once you have looked at it: resale ordered ${id} ${reading.orderNumber?.value ?? 'ORDER-NUMBER'} ${reading.total?.value.currency === currency ? toDecimal(reading.total.value) : 'TOTAL-PAID'}`,
  ];
  return lines.join('\n');
}

async function send(client: DeskClient, file: string): Promise<string> {
  if (!statSync(file, { throwIfNoEntry: false })?.isFile()) throw new UsageError(`there is no file ${JSON.stringify(file)}`);
  const content = readFileSync(file);
  const { upload } = await client.purchases.beginReceipt({ bytes: content.length });
  for (let at = 0; at < content.length; at += PIECE_BYTES) await client.purchases.appendReceipt({ upload, at, contentBase64: content.subarray(at, at + PIECE_BYTES).toString('base64') });
  return upload;
}

/** Reads a receipt for a purchase that is ordered by hand, and shows what it says. */
async function receipt(client: DeskClient, { args }: { readonly args: readonly string[] }): Promise<Answer> {
  const [id, file] = args;
  if (!id || !file) throw new UsageError('receipt takes the id of a purchase and a file: a photo, a PDF, a saved page or mail');
  const upload = await send(client, path.resolve(file));
  let progress = await client.purchases.startReading({ id, upload });
  while (progress.state === 'reading') {
    await pause(LOOK_AGAIN_MS);
    progress = await client.purchases.reading({ upload });
  }
  const reading: ReceiptReading | null = progress.reading;
  if (!reading) return { json: progress, text: `It could not be read (${progress.problem?.code ?? progress.state}): ${String(progress.problem?.data['says'] ?? '')} Type what stands on it: resale ordered ${id} ORDER-NUMBER TOTAL-PAID`, exitCode: 1 };
  return { json: progress, text: printReading(await client.purchases.get({ id }), progress) };
}

export const RECEIPT_COMMANDS = { receipt };

import type { Business } from '#contract/settings.ts';
import { multiply, money, toDecimal, type Money } from '#kernel/money.ts';
import { utcDay, type Instant } from '#kernel/time.ts';
import { documentPage, escapeHtml } from '../purchasing/index.ts';
import { neutraliseFormula } from '../suppliers/index.ts';
import { totalMinor, type PurchaseOrder } from './order.ts';

const STYLE = 'body{max-width:52rem}.heads{display:flex;flex-wrap:wrap;gap:1rem 3rem}.heads>div{flex:1;min-width:14rem}h2{font-size:1rem;color:#555;margin-block:.5rem 0}.lines{width:100%;border-collapse:collapse;margin-block:1.5rem}.lines th{border-block-end:1px solid #999;padding-inline-end:.75rem}.lines td{border-block-end:1px solid #ddd;padding:.3rem .75rem .3rem 0;vertical-align:top}.lines .n{text-align:end;font-variant-numeric:tabular-nums;white-space:nowrap}.lines tfoot td{border:0;font-weight:600}.draft{border:2px solid #a60;padding:.5rem 1rem;color:#a60;font-weight:600}address,.note{font-style:normal;white-space:pre-line}';

/** What the document shows beside the order itself. */
export interface DocumentFacts {
  readonly business: Business;
  /** GTIN-14 by product. */
  readonly gtins: ReadonlyMap<string, string>;
}

const amount = (value: Money): string => `${toDecimal(value)} ${value.currency}`;
const day = (at: Instant): string => utcDay(at);

function shipTo({ address }: Business): string {
  const lines = [[address.firstName, address.lastName].filter(Boolean).join(' '), address.line1, address.line2, [address.postcode, address.city, address.state].filter(Boolean).join(' '), address.country, address.phone, address.email];
  return lines.filter((line) => line.trim() !== '').join('\n');
}

/** The same order is the same text, so that its SHA-256 proves what was sent. */
export function renderDocument(order: PurchaseOrder, { business, gtins }: DocumentFacts): string {
  const text = escapeHtml;
  const rows = order.lines.map((line) => {
    const gtin = gtins.get(line.productId);
    const about = [line.condition === 'new' ? '' : `Condition: ${line.condition}`, gtin === undefined ? '' : `GTIN ${gtin}`].filter(Boolean).join(' · ');
    return `<tr><td class="n">${line.number}</td><td>${text(line.supplierCode ?? '')}</td><td dir="auto">${text(line.title)}${about === '' ? '' : `<br><small>${text(about)}</small>`}</td><td class="n">${line.units}</td><td class="n">${text(amount(line.unit))}</td><td class="n">${text(amount(multiply(line.unit, line.units)))}</td></tr>`;
  }).join('\n');
  const facts = [['Number', order.number], ['Date', day(order.sentAt ?? order.createdAt)], ['Your reference', order.reference], ['Wanted by', order.expectedAt === null ? null : day(order.expectedAt)]].filter((fact): fact is [string, string] => fact[1] !== null);
  return documentPage(`Purchase order ${order.number}`, `${order.sentAt === null ? '<p class="draft">Draft: not an order yet</p>' : ''}
<h1>Purchase order ${text(order.number)}</h1>
<div class="heads">
<div><h2>To</h2><address dir="auto">${text([order.supplier, order.contact].filter(Boolean).join('\n'))}</address></div>
<div><h2>Deliver to</h2><address dir="auto">${text(shipTo(business))}</address></div>
<div><table>${facts.map(([name, value]) => `<tr><th scope="row">${name}</th><td>${text(value)}</td></tr>`).join('')}</table></div>
</div>
<table class="lines">
<thead><tr><th scope="col" class="n">No.</th><th scope="col">Your code</th><th scope="col">Article</th><th scope="col" class="n">Units</th><th scope="col" class="n">Unit price</th><th scope="col" class="n">Amount</th></tr></thead>
<tbody>
${rows}
</tbody>
<tfoot><tr><td colspan="5" class="n">Total</td><td class="n">${text(amount(money(totalMinor(order), order.currency)))}</td></tr></tfoot>
</table>
${order.note === '' ? '' : `<h2>Note</h2><p class="note" dir="auto">${text(order.note)}</p>`}
`, STYLE);
}

const cell = (value: string): string => {
  const plain = neutraliseFormula(value);
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
};

/** One row for each line, with a mark of UTF-8 in front for spreadsheets. */
export function renderCsv(order: PurchaseOrder, { gtins }: DocumentFacts): string {
  const head = ['order', 'line', 'supplier_code', 'gtin', 'article', 'condition', 'units', 'unit_price', 'amount', 'currency'];
  const rows = order.lines.map((line) => [order.number, String(line.number), line.supplierCode ?? '', gtins.get(line.productId) ?? '', line.title, line.condition, String(line.units), toDecimal(line.unit), toDecimal(multiply(line.unit, line.units)), order.currency]);
  return `\uFEFF${[head, ...rows].map((row) => row.map(cell).join(',')).join('\r\n')}\r\n`;
}

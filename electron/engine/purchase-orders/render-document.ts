import type { Business } from '#contract/settings.ts';
import { multiply, money, toDecimal, type Money } from '#kernel/money.ts';
import { utcDay, type Instant } from '#kernel/time.ts';
import { documentPage, escapeHtml } from '../purchasing/index.ts';
import { neutraliseFormula } from '../suppliers/index.ts';
import { DOCUMENT_WORDS, type DocumentWords } from './document-words.ts';
import { totalMinor, type OrderLine, type PurchaseOrder } from './order.ts';

const STYLE = 'body{max-width:52rem}.heads{display:flex;flex-wrap:wrap;gap:1rem 3rem}.heads>div{flex:1;min-width:14rem}h2{font-size:1rem;color:#555;margin-block:.5rem 0}.lines{width:100%;border-collapse:collapse;margin-block:1.5rem}.lines th{border-block-end:1px solid #999;padding-inline-end:.75rem}.lines td{border-block-end:1px solid #ddd;padding-block:.3rem;padding-inline:0 .75rem;vertical-align:top}.lines .n{text-align:end;font-variant-numeric:tabular-nums;white-space:nowrap}.lines tfoot td{border:0;font-weight:600}.draft{border:2px solid #a60;padding:.5rem 1rem;color:#a60;font-weight:600}address,.note{font-style:normal;white-space:pre-line;text-align:match-parent}bdi{white-space:nowrap}';

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

/** Figures, dates and codes read from left to right, whatever the words around them do. */
const ltr = (markup: string): string => `<bdi dir="ltr">${markup}</bdi>`;

function rowOf(line: OrderLine, words: DocumentWords, gtin: string | undefined): string {
  const condition = line.condition in words.conditions ? words.conditions[line.condition as keyof DocumentWords['conditions']] : line.condition;
  const about = [line.condition === 'new' ? '' : `${escapeHtml(words.condition)}: ${escapeHtml(condition)}`, gtin === undefined ? '' : ltr(`GTIN ${escapeHtml(gtin)}`)].filter(Boolean).join(' · ');
  return `<tr><td class="n">${line.number}</td><td>${ltr(escapeHtml(line.supplierCode ?? ''))}</td><td><span dir="auto">${escapeHtml(line.title)}</span>${about === '' ? '' : `<br><small>${about}</small>`}</td><td class="n">${line.units}</td><td class="n">${ltr(escapeHtml(amount(line.unit)))}</td><td class="n">${ltr(escapeHtml(amount(multiply(line.unit, line.units))))}</td></tr>`;
}

/** In the supplier's language. The same order is the same text, so that its SHA-256 proves what was sent. */
export function renderDocument(order: PurchaseOrder, { business, gtins }: DocumentFacts): string {
  const text = escapeHtml;
  const words = DOCUMENT_WORDS[order.language];
  const { columns } = words;
  const facts = [[words.number, order.number], [words.date, day(order.sentAt ?? order.createdAt)], [words.yourReference, order.reference], [words.wantedBy, order.expectedAt === null ? null : day(order.expectedAt)]].filter((fact): fact is [string, string] => fact[1] !== null);
  const column = (word: string, isNumber = false) => `<th scope="col"${isNumber ? ' class="n"' : ''}>${text(word)}</th>`;
  return documentPage(words.title(order.number), `${order.sentAt === null ? `<p class="draft">${text(words.draft)}</p>` : ''}
<h1>${text(words.title('')).trim()} ${ltr(text(order.number))}</h1>
<div class="heads">
<div><h2>${text(words.to)}</h2><address dir="auto">${text([order.supplier, order.contact].filter(Boolean).join('\n'))}</address></div>
<div><h2>${text(words.deliverTo)}</h2><address dir="auto">${text(shipTo(business))}</address></div>
<div><table>${facts.map(([name, value]) => `<tr><th scope="row">${text(name)}</th><td>${ltr(text(value))}</td></tr>`).join('')}</table></div>
</div>
<table class="lines">
<thead><tr>${column(columns.number, true)}${column(columns.code)}${column(columns.article)}${column(columns.units, true)}${column(columns.unitPrice, true)}${column(columns.amount, true)}</tr></thead>
<tbody>
${order.lines.map((line) => rowOf(line, words, gtins.get(line.productId))).join('\n')}
</tbody>
<tfoot><tr><td colspan="5" class="n">${text(words.total)}</td><td class="n">${ltr(text(amount(money(totalMinor(order), order.currency))))}</td></tr></tfoot>
</table>
${order.note === '' ? '' : `<h2>${text(words.note)}</h2><p class="note" dir="auto">${text(order.note)}</p>`}
`, { style: STYLE, language: order.language, dir: words.dir });
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

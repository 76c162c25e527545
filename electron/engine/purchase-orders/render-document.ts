import type { Business } from '#contract/settings.ts';
import { multiply, money, toDecimal, type Money } from '#kernel/money.ts';
import { utcDay, type Instant } from '#kernel/time.ts';
import { documentPage, escapeHtml } from '../purchasing/index.ts';
import { neutraliseFormula } from '../suppliers/index.ts';
import { DOCUMENT_WORDS, type DocumentWords } from './document-words.ts';
import { totalMinor, type OrderLine, type PurchaseOrder } from './order.ts';

const STYLE = [
  'body{max-width:52rem}.heads{display:flex;flex-wrap:wrap;gap:1rem 3rem}.heads>div{flex:1;min-width:12rem}h2{font-size:1rem;color:#555;margin-block:.5rem 0}',
  '.lines{width:100%;border-collapse:collapse;margin-block:1.5rem}.lines th{border-block-end:1px solid #999;padding-inline-end:.75rem}.lines td{border-block-end:1px solid #ddd;padding-block:.3rem;padding-inline:0 .75rem;vertical-align:top}',
  '.lines .n{text-align:end;font-variant-numeric:tabular-nums;white-space:nowrap;width:1%}.lines .code{width:16%}.code bdi{white-space:normal;overflow-wrap:anywhere}',
  // the head stands on every page, the sum after the last line alone
  '.lines tfoot{display:table-row-group}.lines tfoot td{border:0;font-weight:600}.draft{border:2px solid #a60;padding:.5rem 1rem;color:#a60;font-weight:600}',
  // each line reads in the direction of its own words, and stands where the document begins its lines
  'address,.note{font-style:normal;white-space:pre-line;unicode-bidi:plaintext;text-align:left}[dir=rtl] address,[dir=rtl] .note{text-align:right}bdi{white-space:nowrap}',
  '@media print{body{font-size:9.5pt;line-height:1.4;margin:0;padding:0;max-width:none}.heads{flex-wrap:nowrap}tr,address,.note{break-inside:avoid}tfoot tr{break-before:avoid}h2{break-after:avoid}}',
].join('');
/** Number and page stand at the foot of each printed page. */
const footOf = (number: string): string => `@page{size:A4;margin:15mm 12mm 18mm;@bottom-center{font:8pt system-ui,sans-serif;color:#555;content:"${number.replaceAll(/[^\w -]/g, '')} · " counter(page) " / " counter(pages)}}`;

/** What the document shows beside the order itself. */
export interface DocumentFacts {
  readonly business: Business;
  /** GTIN-14 by product. */
  readonly gtins: ReadonlyMap<string, string>;
}

/** Thousands apart by a narrow space, which no language reads as a decimal sign. */
const amount = (value: Money): string => `${toDecimal(value).replace(/\B(?=(?:\d{3})+(?:\.|$))/g, '\u202F')} ${value.currency}`;
const day = (at: Instant): string => utcDay(at);

function shipTo({ address }: Business, language: string): string {
  const country = new Intl.DisplayNames(language, { type: 'region' }).of(address.country) ?? address.country;
  const lines = [[address.firstName, address.lastName].filter(Boolean).join(' '), address.line1, address.line2, [address.postcode, address.city, address.state].filter(Boolean).join(' '), country, address.phone, address.email];
  return lines.filter((line) => line.trim() !== '').join('\n');
}

/** Figures, dates and codes read from left to right, whatever the words around them do. */
const ltr = (markup: string): string => `<bdi dir="ltr">${markup}</bdi>`;

/** What a person wrote: a line without a word, such as a telephone number, has no direction of its own. */
const written = (text: string): string => text.split('\n').map((line) => (/\p{L}/u.test(line) ? escapeHtml(line) : ltr(escapeHtml(line)))).join('\n');

function rowOf(line: OrderLine, words: DocumentWords, gtin: string | undefined): string {
  const condition = line.condition in words.conditions ? words.conditions[line.condition as keyof DocumentWords['conditions']] : line.condition;
  const about = [line.condition === 'new' ? '' : `${escapeHtml(words.condition)}: ${escapeHtml(condition)}`, gtin === undefined ? '' : ltr(`GTIN ${escapeHtml(gtin)}`)].filter(Boolean).join(' · ');
  return `<tr><td class="n">${line.number}</td><td class="code">${ltr(escapeHtml(line.supplierCode ?? ''))}</td><td><span dir="auto">${escapeHtml(line.title)}</span>${about === '' ? '' : `<br><small>${about}</small>`}</td><td class="n">${line.units}</td><td class="n">${ltr(escapeHtml(amount(line.unit)))}</td><td class="n">${ltr(escapeHtml(amount(multiply(line.unit, line.units))))}</td></tr>`;
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
<div><h2>${text(words.to)}</h2><address>${written([order.supplier, order.contact].filter(Boolean).join('\n'))}</address></div>
<div><h2>${text(words.deliverTo)}</h2><address>${written(shipTo(business, order.language))}</address></div>
<div><table>${facts.map(([name, value]) => `<tr><th scope="row">${text(name)}</th><td>${ltr(text(value))}</td></tr>`).join('')}</table></div>
</div>
<table class="lines">
<thead><tr>${column(columns.number, true)}${column(columns.code)}${column(columns.article)}${column(columns.units, true)}${column(columns.unitPrice, true)}${column(columns.amount, true)}</tr></thead>
<tbody>
${order.lines.map((line) => rowOf(line, words, gtins.get(line.productId))).join('\n')}
</tbody>
<tfoot><tr><td colspan="3" class="n">${text(words.total)}</td><td class="n">${order.lines.reduce((sum, line) => sum + line.units, 0)}</td><td></td><td class="n">${ltr(text(amount(money(totalMinor(order), order.currency))))}</td></tr></tfoot>
</table>
${order.note === '' ? '' : `<h2>${text(words.note)}</h2><p class="note">${written(order.note)}</p>`}
`, { style: STYLE + footOf(order.number), language: order.language, dir: words.dir });
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

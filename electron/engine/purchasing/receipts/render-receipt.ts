import { toDecimal, type Money } from '#kernel/money.ts';
import type { Instant } from '#kernel/time.ts';
import { canonicalJson } from '#runtime/canonical-json.ts';
import { documentPage, escapeHtml as escape } from './document-page.ts';
import { frozenOf, unitsBought, type Purchase } from '../purchase.ts';

const amount = (value: Money): string => `${toDecimal(value)} ${value.currency}`;
const time = (at: Instant): string => `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

/**
 * The desk's own rendering of a confirmed purchase, from what was frozen at approval and what the vendor confirmed. The same purchase is the same text, so
 * that its SHA-256 proves it.
 */
export function renderReceipt(purchase: Purchase): string {
  const { approval, receipt } = purchase;
  if (!receipt) throw new Error(`purchase ${purchase.id} has no confirmation to render`);
  const frozen = frozenOf(approval);
  const rows: (readonly [string, string | null])[] = [
    ['Product', purchase.title], ['Shop', frozen.sourceName], ['Seller', purchase.sellerName], ['Address of the offer', frozen.offerUrl], ['Order number', receipt.externalId], ['Ordered', time(receipt.at)],
    ['Quantity', purchase.unitsPerOffer === 1 ? String(purchase.quantity) : `${purchase.quantity} packs, ${unitsBought(purchase)} units`], ['Unit price', receipt.unitPrice && amount(receipt.unitPrice)], ['Goods', receipt.goods && amount(receipt.goods)],
    ['Shipping', receipt.shipping && amount(receipt.shipping)], ['Tax', receipt.tax && amount(receipt.tax)], ['Total paid', amount(receipt.total)], ['In the books', amount(purchase.homeTotal)], ['The shop says', receipt.status],
    ['Approved by', approval.approvedBy], ['Approved', time(approval.approvedAt)], ['Approved up to', amount(approval.maxTotal)], ['Seal of the evidence (SHA-256)', approval.evidenceSha256], ['Purchase', purchase.id],
  ];
  const body = rows.filter((row): row is readonly [string, string] => row[1] !== null).map(([name, value]) => `<tr><th scope="row">${escape(name)}</th><td dir="auto">${escape(value)}</td></tr>`).join('\n');
  return documentPage(`Receipt ${receipt.externalId}`, `<h1>Receipt</h1>
<table>
${body}
</table>
<h2>As the shop confirmed it</h2>
<pre dir="auto">${escape(JSON.stringify(JSON.parse(canonicalJson(receipt.receipt)), null, 2))}</pre>
`);
}

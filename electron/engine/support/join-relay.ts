/**
 * Mail of Amazon's buyers. Amazon gives no reading of messages by its API: what a buyer writes comes into the seller's mailbox from an address that Amazon made for this buyer and this seller, and an answer to it reaches the buyer.
 * Where Amazon does not tell that address with the order (an application without the role for buyers' data), the order's number in the mail joins the two.
 */
import type { Tx, EngineContext } from '#runtime/ports.ts';
import { addContact, customerOfOrder, findCustomer, readCustomer, rememberBuyer, type Contact } from '../customers/index.ts';
import type { IncomingText } from '../negotiation/index.ts';

/** `…@marketplace.amazon.<site>`, and no other domain that begins like it (assumption: the sites that sellers are known to get such mail from). */
const RELAY = /^[^\s@<>]+@marketplace\.amazon\.(?:com|ca|com\.mx|com\.br|co\.uk|de|fr|it|es|nl|pl|se|com\.be|ie|com\.tr|ae|sa|eg|in|co\.jp|com\.au|sg|co\.za)$/i;
const ORDER_NUMBER = /(?<![\d-])\d{3}-\d{7}-\d{7}(?![\d-])/g;

export const isRelayAddress = (sender: string): boolean => RELAY.test(sender.trim());

/** A part after `+` names the message and not the buyer. */
const boxOf = (address: string) => address.toLowerCase().replace(/\+[^@]*@/, '@');

const numbersIn = (text: string): string[] => [...new Set(text.match(ORDER_NUMBER) ?? [])];

/**
 * Amazon writes the number into the subject. In the text, which the buyer wrote too, it counts only where it is the only one. What Amazon told of the order's buyer stands: where that is another address, nothing is joined,
 * and the number is a stranger's like any (`joinOrder`).
 */
export async function joinRelay(ctx: EngineContext, tx: Tx, { contact, message }: { readonly contact: Contact; readonly message: IncomingText }): Promise<void> {
  const inSubject = numbersIn(message.subject ?? '');
  const numbers = inSubject.length > 0 ? inSubject : numbersIn(message.text);
  if (numbers.length !== 1) return;
  const order = await tx.order.findFirst({ where: { externalId: numbers[0]!, channel: { startsWith: 'amazon-' } }, select: { id: true, buyerName: true } });
  if (!order) return;
  const buyer = await customerOfOrder(tx, order.id);
  const writer = await findCustomer(ctx, tx, [contact]);
  if (buyer === null) {
    // who was erased is not made known again by an order that has forgotten them: the order keeps no name then
    await rememberBuyer(ctx, tx, order.id, { name: order.buyerName === null ? null : ctx.seal.open('Order.buyerName', order.buyerName), contacts: [contact] });
    return;
  }
  if (writer !== null) return;
  const known = (await readCustomer(ctx, tx, buyer))?.contacts.filter((one) => one.kind === 'email' && isRelayAddress(one.value)) ?? [];
  if (known.length === 0 || known.some((one) => boxOf(one.value) === boxOf(contact.value))) await addContact(ctx, tx, buyer, contact);
}

import type { EngineContext, Tx } from '#runtime/ports.ts';
import type { Contact } from './contacts.ts';

type Ctx = Pick<EngineContext, 'ids' | 'clock' | 'seal'>;

export interface Sighting {
  readonly name: string | null;
  readonly contacts: readonly Contact[];
}

const markOf = ({ seal }: Pick<Ctx, 'seal'>, contact: Contact) => seal.mark(`contact ${contact.kind}`, contact.value);

/** A number that two customers gave: it tells neither. */
const SHARED = 'sms-shared';

/** By the first contact that is known; null for a stranger. */
export async function findCustomer(ctx: Pick<Ctx, 'seal'>, tx: Tx, contacts: readonly Contact[]): Promise<string | null> {
  for (const contact of contacts) {
    const found = await tx.customerHandle.findUnique({ where: { kind_mark: { kind: contact.kind, mark: markOf(ctx, contact) } }, select: { customerId: true } });
    if (found) return found.customerId;
  }
  return null;
}

/** The mark under which a contact stands with other modules' rows. */
export const contactMark = markOf;

/** Keeps what is new about a customer. Without any contact nobody is kept: a name alone is not a person. */
export async function rememberCustomer(ctx: Ctx, tx: Tx, { name, contacts }: Sighting): Promise<string | null> {
  if (contacts.length === 0) return null;
  const { ids, clock, seal } = ctx;
  const now = clock.now();
  // a number is shared by families and offices: it joins people only where nothing better is known
  const own = contacts.filter((contact) => contact.kind !== 'sms');
  const found = await findCustomer(ctx, tx, own.length > 0 ? own : contacts);
  const id = found ?? ids.next('customer');
  const words = seal.words([name ?? '', ...contacts.map((contact) => contact.value)].join(' '));
  if (!found) {
    await tx.customer.create({ data: { id, name: name === null ? null : seal.seal('Customer.name', name), words, createdAt: now, updatedAt: now } });
  } else {
    const before = await tx.customer.findUniqueOrThrow({ where: { id }, select: { name: true, words: true } });
    const all = [...new Set(`${before.words} ${words}`.split(' ').filter(Boolean))].join(' ');
    const named = before.name === null && name !== null;
    if (named || all !== before.words) await tx.customer.update({ where: { id }, data: { words: all, updatedAt: now, erasedAt: null, ...(named ? { name: seal.seal('Customer.name', name) } : {}) } });
  }
  for (const contact of contacts) {
    const mark = markOf(ctx, contact);
    const known = await tx.customerHandle.findUnique({ where: { kind_mark: { kind: contact.kind, mark } }, select: { customerId: true } });
    const shared = contact.kind === 'sms' && (await tx.customerHandle.findUnique({ where: { kind_mark: { kind: SHARED, mark } }, select: { customerId: true } }));
    if (known && known.customerId !== id && contact.kind === 'sms') await tx.customerHandle.update({ where: { kind_mark: { kind: 'sms', mark } }, data: { kind: SHARED } });
    else if (!known && !shared) await tx.customerHandle.create({ data: { kind: contact.kind, mark, value: seal.seal('CustomerHandle.value', contact.value), customerId: id } });
  }
  return id;
}

/** Another address of a customer who is known already, such as the one under which a marketplace forwards their mail. One that is somebody else's stays theirs. @returns whether it is this customer's now */
export async function addContact(ctx: Ctx, tx: Tx, customerId: string, contact: Contact): Promise<boolean> {
  const mark = markOf(ctx, contact);
  const known = await tx.customerHandle.findUnique({ where: { kind_mark: { kind: contact.kind, mark } }, select: { customerId: true } });
  if (known) return known.customerId === customerId;
  await tx.customerHandle.create({ data: { kind: contact.kind, mark, value: ctx.seal.seal('CustomerHandle.value', contact.value), customerId } });
  const { words } = await tx.customer.findUniqueOrThrow({ where: { id: customerId }, select: { words: true } });
  await tx.customer.update({ where: { id: customerId }, data: { words: [...new Set(`${words} ${ctx.seal.words(contact.value)}`.split(' ').filter(Boolean))].join(' '), updatedAt: ctx.clock.now(), erasedAt: null } });
  return true;
}

/** The buyer of an order. Asked again for the same order, nothing changes. */
export async function rememberBuyer(ctx: Ctx, tx: Tx, orderId: string, sighting: Sighting): Promise<string | null> {
  const customerId = await rememberCustomer(ctx, tx, sighting);
  if (customerId !== null) await tx.customerOrder.upsert({ where: { orderId }, create: { orderId, customerId }, update: {} });
  return customerId;
}

import { DomainError } from '#kernel/errors.ts';
import type { Instant } from '#kernel/time.ts';
import { toNumber, toNumberOrNull } from '#runtime/database.ts';
import type { EngineContext, Tx } from '#runtime/ports.ts';

/** The desk's own user. */
export const OWNER = 'owner';

export type ChannelKind = 'telegram' | 'phone';

/** Who acts, and where. */
export interface Actor {
  readonly personId: string;
  /** desktop, cli, telegram, phone, practice. */
  readonly channel: string;
}

export interface Channel {
  readonly id: string;
  readonly kind: ChannelKind;
  readonly label: string;
  readonly linkedAt: Instant;
  readonly seenAt: Instant | null;
}

export interface Person {
  readonly id: string;
  readonly name: string;
  readonly role: 'owner' | 'approver';
  readonly disabledAt: Instant | null;
  readonly channels: readonly Channel[];
}

export interface TeamDeps {
  readonly ctx: EngineContext;
}

const noSuchPerson = (id: string) => new DomainError('NOT_FOUND', 'There is no such person.', { kind: 'person', id });

export async function listPeople(tx: Tx): Promise<Person[]> {
  const rows = await tx.person.findMany({ orderBy: [{ createdAt: 'asc' }, { id: 'asc' }], include: { channels: { where: { revokedAt: null }, orderBy: { linkedAt: 'asc' } } } });
  return rows.map((row) => ({
    id: row.id, name: row.name, role: row.role === 'owner' ? 'owner' : 'approver', disabledAt: toNumberOrNull(row.disabledAt),
    channels: row.channels.map((channel) => ({ id: channel.id, kind: channel.kind as ChannelKind, label: channel.label, linkedAt: toNumber(channel.linkedAt), seenAt: toNumberOrNull(channel.seenAt) })),
  }));
}

/** Somebody who may decide. @throws DomainError NOT_FOUND for a stranger, and for one who may no longer. */
export async function requirePerson(tx: Tx, id: string): Promise<{ readonly id: string; readonly name: string }> {
  const row = await tx.person.findUnique({ where: { id }, select: { id: true, name: true, disabledAt: true } });
  if (!row || row.disabledAt !== null) throw noSuchPerson(id);
  return row;
}

export async function addPerson({ ctx }: TeamDeps, input: { readonly name: string; readonly by: Actor }): Promise<Person[]> {
  return ctx.db.transaction(async (tx) => {
    if (await tx.person.findFirst({ where: { name: input.name, disabledAt: null } })) throw new DomainError('INVALID', `There is a person named ${input.name} already.`, { field: 'name', reason: 'taken' });
    const id = ctx.ids.next('person');
    await tx.person.create({ data: { id, name: input.name, role: 'approver', createdAt: ctx.clock.now() } });
    await ctx.audit.append(tx, { actor: input.by.personId, channel: input.by.channel, action: 'person.added', subject: id, data: { name: input.name } });
    await ctx.outbox.add(tx, 'team.changed', id);
    return listPeople(tx);
  });
}

/** They decide nothing from now on; what they decided stays. @throws DomainError NOT_FOUND; INVALID for the owner. */
export async function disablePerson({ ctx }: TeamDeps, input: { readonly id: string; readonly by: Actor }): Promise<Person[]> {
  if (input.id === OWNER) throw new DomainError('INVALID', 'The owner of the desk stays.', { field: 'id', reason: 'owner' });
  return ctx.db.transaction(async (tx) => {
    await requirePerson(tx, input.id);
    const at = ctx.clock.now();
    await tx.person.update({ where: { id: input.id }, data: { disabledAt: at } });
    await tx.personChannel.updateMany({ where: { personId: input.id, revokedAt: null }, data: { revokedAt: at } });
    await ctx.audit.append(tx, { actor: input.by.personId, channel: input.by.channel, action: 'person.removed', subject: input.id });
    await ctx.outbox.add(tx, 'team.changed', input.id);
    return listPeople(tx);
  });
}

/** How many may decide now. */
export async function countDeciders(tx: Tx): Promise<number> {
  return tx.person.count({ where: { disabledAt: null } });
}

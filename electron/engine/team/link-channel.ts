import { DomainError } from '#kernel/errors.ts';
import { MINUTE_MS, type Instant } from '#kernel/time.ts';
import { sha256Of } from '#runtime/canonical-json.ts';
import type { Tx } from '#runtime/ports.ts';
import { requirePerson, type Actor, type ChannelKind, type TeamDeps } from './people.ts';

/** Crockford's alphabet without the letters that are misread; 10 of them are 50 bits. */
const ALPHABET = '23456789ABCDEFGHJKMNPQRSTVWXYZ';
const CODE_LENGTH = 10;
const CODE_VALID_MS = 10 * MINUTE_MS;

/** @param randomBytes from the system: a code that could be computed would be no proof. */
export type RandomBytes = (length: number) => Uint8Array;

export function readableCode(randomBytes: RandomBytes): string {
  let code = '';
  while (code.length < CODE_LENGTH) {
    // above the largest multiple some letters would come more often
    for (const byte of randomBytes(CODE_LENGTH)) if (byte < 240 && code.length < CODE_LENGTH) code += ALPHABET[byte % ALPHABET.length]!;
  }
  return code;
}

const hashOf = (code: string) => sha256Of(code.replaceAll(/[\s-]/g, '').toUpperCase());

/** A code that links one channel to a person, once, within ten minutes. It is shown, never stored as it is. */
export async function issueCode({ ctx }: TeamDeps, input: { readonly personId: string; readonly kind: ChannelKind; readonly by: Actor; readonly randomBytes: RandomBytes }): Promise<{ code: string; expiresAt: Instant }> {
  const code = readableCode(input.randomBytes);
  const createdAt = ctx.clock.now();
  await ctx.db.transaction(async (tx) => {
    await requirePerson(tx, input.personId);
    await tx.pairingCode.deleteMany({ where: { expiresAt: { lt: createdAt } } });
    await tx.pairingCode.create({ data: { codeSha256: hashOf(code), personId: input.personId, kind: input.kind, createdAt, expiresAt: createdAt + CODE_VALID_MS } });
    await ctx.audit.append(tx, { actor: input.by.personId, channel: input.by.channel, action: 'channel.code-issued', subject: input.personId, data: { kind: input.kind } });
  });
  return { code, expiresAt: createdAt + CODE_VALID_MS };
}

export interface LinkedPerson {
  readonly personId: string;
  readonly channelId: string;
  readonly name: string;
}

/**
 * Links an address by its code. Null for a code that is wrong, old or used, and for an address that belongs to somebody else: which of these is nobody's
 * business who has no code.
 */
export async function linkChannel({ ctx }: TeamDeps, input: { readonly code: string; readonly kind: ChannelKind; readonly address: string; readonly label: string }): Promise<LinkedPerson | null> {
  return ctx.db.transaction(async (tx) => {
    const at = ctx.clock.now();
    const used = await tx.pairingCode.updateMany({ where: { codeSha256: hashOf(input.code), kind: input.kind, usedAt: null, expiresAt: { gt: at } }, data: { usedAt: at } });
    if (used.count === 0) return null;
    const { personId } = await tx.pairingCode.findUniqueOrThrow({ where: { codeSha256: hashOf(input.code) } });
    const known = await tx.personChannel.findUnique({ where: { kind_address: { kind: input.kind, address: input.address } } });
    if (known && known.personId !== personId) return null;
    const person = await requirePerson(tx, personId);
    const channelId = known?.id ?? ctx.ids.next('personChannel');
    const facts = { label: input.label.slice(0, 80), linkedAt: at, revokedAt: null };
    await tx.personChannel.upsert({ where: { id: channelId }, update: facts, create: { id: channelId, personId, kind: input.kind, address: input.address, ...facts } });
    await ctx.audit.append(tx, { actor: personId, channel: input.kind, action: 'channel.linked', subject: channelId, data: { kind: input.kind, label: facts.label } });
    await ctx.outbox.add(tx, 'team.changed', personId);
    return { personId, channelId, name: person.name };
  });
}

/** Who is behind an address now; null for an address that was never linked, was unlinked, or whose person decides no more. */
export async function personBehind(tx: Tx, kind: ChannelKind, address: string): Promise<LinkedPerson | null> {
  const row = await tx.personChannel.findUnique({ where: { kind_address: { kind, address } }, include: { person: true } });
  return row && row.revokedAt === null && row.person.disabledAt === null ? { personId: row.personId, channelId: row.id, name: row.person.name } : null;
}

/** @throws DomainError NOT_FOUND. */
export async function unlinkChannel({ ctx }: TeamDeps, input: { readonly id: string; readonly by: Actor }): Promise<void> {
  await ctx.db.transaction(async (tx) => {
    const gone = await tx.personChannel.updateMany({ where: { id: input.id, revokedAt: null }, data: { revokedAt: ctx.clock.now() } });
    if (gone.count === 0) throw new DomainError('NOT_FOUND', 'There is no such channel.', { kind: 'channel', id: input.id });
    await ctx.audit.append(tx, { actor: input.by.personId, channel: input.by.channel, action: 'channel.unlinked', subject: input.id });
    await ctx.outbox.add(tx, 'team.changed', input.id);
  });
}

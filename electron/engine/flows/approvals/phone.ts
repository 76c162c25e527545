import { DomainError } from '#kernel/errors.ts';
import { sha256Of } from '#runtime/canonical-json.ts';
import { linkChannel, personBehind, type LinkedPerson } from '../../team/index.ts';
import type { ApprovalsDeps } from './deps.ts';

const SESSION_BYTES = 32;
const signedOut = () => new DomainError('SIGNED_OUT', 'This phone is not linked, or no longer. Ask the desk for a new code.', {});

/** A phone session is a random word that only the phone has; here is its hash, as the address of a channel. */
export async function signPhoneIn(deps: ApprovalsDeps, input: { readonly code: string; readonly label: string }): Promise<{ session: string; name: string }> {
  const session = Buffer.from(deps.randomBytes(SESSION_BYTES)).toString('base64url');
  const linked = await linkChannel(deps, { code: input.code, kind: 'phone', address: sha256Of(session), label: input.label });
  if (!linked) throw signedOut();
  return { session, name: linked.name };
}

/** @throws DomainError SIGNED_OUT. */
export async function phonePerson({ ctx }: Pick<ApprovalsDeps, 'ctx'>, session: string): Promise<LinkedPerson> {
  const person = await personBehind(ctx.db.prisma, 'phone', sha256Of(session));
  if (!person) throw signedOut();
  return person;
}

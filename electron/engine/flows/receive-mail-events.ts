/** Notices of the mail vendor, to whom they concern: a talk with a seller, or a ticket of a customer. */
import { MINUTE_MS } from '#kernel/time.ts';
import { isOwnText, takeMailEvent as takeForTalk, type MailEvent, type NegotiationDeps } from '../negotiation/index.ts';
import { isOwnReply, takeMailEvent as takeForTicket, type SupportDeps } from '../support/index.ts';

/** A notice may be here before the answer to the sending was recorded. The vendor brings it again. Assumption. */
const EARLY_MS = 10 * MINUTE_MS;

export interface MailEventsDeps {
  readonly negotiation: NegotiationDeps;
  readonly support: SupportDeps;
}
type Outcome = 'taken' | 'known' | 'foreign' | 'later';

/** @returns `unknown` where no key was entered, `later` where one is about a mail of ours that is not known to be sent yet: what was taken of it stays taken. */
export async function receiveMailEvents(deps: MailEventsDeps, request: { readonly raw: Uint8Array; readonly headers: Readonly<Record<string, string | undefined>> }): Promise<Outcome | 'refused' | 'unknown'> {
  const events = await deps.negotiation.channels.get('email')?.readEvents?.(request);
  if (events === undefined || events === null) return 'unknown';
  if (events === 'refused') return 'refused';
  const outcomes = new Set<Outcome>();
  for (const event of events) outcomes.add(await takeEvent(deps, event));
  return (['later', 'taken', 'known'] as const).find((outcome) => outcomes.has(outcome)) ?? 'foreign';
}

/** Effect and number in one transaction: each event counts once, however often it comes. */
function takeEvent(deps: MailEventsDeps, event: MailEvent): Promise<Outcome> {
  const { db, clock } = deps.negotiation.ctx;
  return db.transaction(async (tx) => {
    if ((await tx.mailEvent.findUnique({ where: { id: event.id }, select: { id: true } })) !== null) return 'known';
    const now = clock.now();
    const taken = (await takeForTalk(deps.negotiation, tx, event)) ?? (await takeForTicket(deps.support, tx, event));
    if (taken) {
      await tx.mailEvent.create({ data: { id: event.id, kind: event.kind, messageId: taken.messageId, at: event.at, receivedAt: now } });
      return 'taken';
    }
    const { messageId } = event;
    const isEarly = event.isOwn && messageId !== null && now - event.at < EARLY_MS && !(await isOwnText(tx, messageId)) && !(await isOwnReply(tx, messageId));
    return isEarly ? 'later' : 'foreign';
  });
}

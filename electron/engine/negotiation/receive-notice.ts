/** SMS that the vendor announces by itself, on a host that it can reach. The same message is asked for as well: whichever comes first is kept. */
import type { NegotiationDeps } from './deps.ts';
import { keepIncoming } from './receive-text.ts';

export interface SmsNotice {
  /** As the vendor called it: its signature is over this too. */
  readonly url: string;
  readonly raw: Uint8Array;
  readonly headers: Readonly<Record<string, string | undefined>>;
}

/** @returns `foreign` for a notice that is no message, `unknown` where no account is connected. */
export async function receiveSmsNotice(deps: NegotiationDeps, notice: SmsNotice): Promise<'taken' | 'known' | 'foreign' | 'refused' | 'unknown'> {
  const channel = deps.channels.get('sms');
  if (!channel?.readWebhook) return 'unknown';
  const message = await channel.readWebhook(notice);
  if (message === 'refused') return 'refused';
  if (message === null) return 'foreign';
  return (await deps.ctx.db.transaction((tx) => keepIncoming(deps, tx, 'sms', message))) ? 'taken' : 'known';
}

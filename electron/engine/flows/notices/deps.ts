import type { z } from 'zod';
import type { todayItem } from '#contract/system.ts';
import type { EngineContext } from '#runtime/ports.ts';
import type { MessageChannel } from '../../negotiation/index.ts';
import type { ChatPort } from '../../team/index.ts';

export interface NoticesDeps {
  readonly ctx: EngineContext;
  readonly chat: Pick<ChatPort, 'isConnected' | 'send'>;
  /** Null while no account for mail is complete. */
  readonly mailChannel: () => Pick<MessageChannel, 'send'> | null;
  /** All that waits for a person now, and not only what Today has room for. */
  readonly items: () => Promise<readonly z.infer<typeof todayItem>[]>;
}

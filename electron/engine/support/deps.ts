import type { EngineContext } from '#runtime/ports.ts';
import type { ChannelDirectory } from '../negotiation/index.ts';
import type { IntentClassifier } from './classify/index.ts';
import type { OrderMessageChannels, ReplyWordsPort } from './ports.ts';

export interface SupportDeps {
  readonly ctx: EngineContext;
  readonly channels: ChannelDirectory;
  /** Made at the first message: it learns for a second or two. */
  readonly classifier: () => Promise<IntentClassifier>;
  readonly words: ReplyWordsPort;
  readonly orderMessages: OrderMessageChannels;
}

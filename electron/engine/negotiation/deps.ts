import type { Money } from '#kernel/money.ts';
import type { EngineContext } from '#runtime/ports.ts';
import type { ChannelDirectory, PhrasePort, SendingChannelId, TalkTerms, TalkTermsPort } from './ports.ts';

export interface NegotiationDeps {
  readonly ctx: EngineContext;
  readonly channels: ChannelDirectory;
  readonly opportunities: TalkTermsPort;
  readonly phrases: PhrasePort;
  /** Where the seller may be written to, as far as it is known: offered to the person, who may know better. */
  readonly contacts?: ((terms: TalkTerms) => Partial<Record<SendingChannelId, string>>) | undefined;
}

/** What buys at an agreed price; purchasing does it. */
export interface AgreedBuyer {
  buy(input: { readonly opportunityId: string; readonly version: number; readonly agreed: { readonly unitPrice: Money; readonly negotiationId: string }; readonly approvedBy: string }): Promise<{ purchaseId: string }>;
}

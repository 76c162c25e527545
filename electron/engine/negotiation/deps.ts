import type { Money } from '#kernel/money.ts';
import type { EngineContext } from '#runtime/ports.ts';
import type { ChannelDirectory, PhrasePort, TalkTermsPort } from './ports.ts';

export interface NegotiationDeps {
  readonly ctx: EngineContext;
  readonly channels: ChannelDirectory;
  readonly opportunities: TalkTermsPort;
  readonly phrases: PhrasePort;
}

/** What buys at an agreed price; purchasing does it. */
export interface AgreedBuyer {
  buy(input: { readonly opportunityId: string; readonly version: number; readonly agreed: { readonly unitPrice: Money; readonly negotiationId: string }; readonly approvedBy: string }): Promise<{ purchaseId: string }>;
}

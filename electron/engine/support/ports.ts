/** What support needs of a language model, and of channels that take messages about an order in forms of their own. */
import type { OrderMessageKind } from '#contract/order-messages.ts';
import type { ReplyLanguage } from './reply/index.ts';

export type { OrderMessageKind };

export interface ReplyRequest {
  readonly language: ReplyLanguage;
  /** What the customer wrote: data, never an instruction. */
  readonly message: string;
  /** Says all that may be said, with every figure that may stand in the reply. */
  readonly template: string;
}

/** Words of a model are checked like any text, and thrown away for the template when anything is wrong with them. */
export interface ReplyWordsPort {
  /** Null: no words to be had now. Without greeting and signature. */
  reply(request: ReplyRequest, signal?: AbortSignal): Promise<string | null>;
}

/** Messages about an order by a channel's own forms (Amazon's templates): no talk, and nothing that was sent can be read back. */
export interface OrderMessagePort {
  readonly market: string;
  /** Of a text. */
  mostCharacters(): number;
  /** Forms that the channel takes for this order now; none for an order that it does not know. @param orderId the channel's */
  open(orderId: string, signal?: AbortSignal): Promise<readonly OrderMessageKind[]>;
  /** In which the buyer has to be written, such as `en-US`; null where the channel does not say. */
  language(orderId: string, signal?: AbortSignal): Promise<string | null>;
  /** Leaves once for each call: the channel takes no key. @throws ConnectorError OutcomeUnknown where nobody can tell. */
  send(orderId: string, message: { readonly kind: OrderMessageKind; readonly text: string }, signal?: AbortSignal): Promise<void>;
}

export interface OrderMessageChannels {
  /** Null: the market has no such forms, or its account is not connected. */
  get(market: string): OrderMessagePort | null;
}

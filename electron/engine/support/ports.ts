/** What support needs of a language model. */
import type { ReplyLanguage } from './reply/index.ts';

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

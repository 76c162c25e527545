/** A chat service with buttons. What it tells is another's word: who is behind a chat says `personBehind` alone. */
export type ChatUpdate = { readonly updateId: number } & (
  | { readonly kind: 'message'; readonly chatId: string; readonly fromId: string; readonly isPrivate: boolean; readonly text: string; readonly name: string }
  | { readonly kind: 'press'; readonly callbackId: string; readonly chatId: string; readonly fromId: string; readonly isPrivate: boolean; readonly data: string }
  | { readonly kind: 'other' }
  /** Not as the service documents it. `problem`: which fields, without what they hold. */
  | { readonly kind: 'unreadable'; readonly problem: string }
);

export interface ChatButton {
  readonly text: string;
  /** At most 64 bytes; comes back with the press. */
  readonly data: string;
}

export interface ChatPort {
  /** Whether there is an account to speak with. */
  isConnected(): boolean;
  /** Updates from `offset` on, oldest first; waits for one up to `waitSeconds`. Asking with an offset confirms those before it. */
  updates(input: { readonly offset: number; readonly waitSeconds: number; readonly signal: AbortSignal }): Promise<readonly ChatUpdate[]>;
  send(message: { readonly chatId: string; readonly text: string; readonly buttons?: readonly ChatButton[] }): Promise<{ readonly messageId: string }>;
  /** Replaces the text; buttons that are not given go. */
  edit(message: { readonly chatId: string; readonly messageId: string; readonly text: string; readonly buttons?: readonly ChatButton[] }): Promise<void>;
  /** Ends the wait that the button shows, with a short word. */
  answer(callbackId: string, text: string): Promise<void>;
}

import { z } from 'zod';
import type { ChatButton, ChatPort, ChatUpdate } from '#engine/team/ports.ts';
import { HttpClient, type ConnectorOptions, type FailedAnswer, type VendorVerdict } from '../../http/index.ts';

export interface TelegramOptions extends ConnectorOptions {
  /** `https://api.telegram.org` unless told. */
  readonly baseUrl?: string | undefined;
  /** The bot's token; null where there is none. */
  readonly token: () => Promise<string | null>;
  readonly isConnected: () => boolean;
}

export interface Telegram extends ChatPort {
  /** `getMe`: proves the token and changes nothing. */
  check(): Promise<{ readonly username: string }>;
  close(): Promise<void>;
}

const CONNECTOR = 'telegram';
/** Longer than the longest wait for updates. */
const TIMEOUT_MS = 45_000;
/** Telegram's own limit of a text message. */
const LONGEST_TEXT = 4_096;
const LONGEST_ANSWER = 200;

const user = z.looseObject({ id: z.int(), first_name: z.string(), last_name: z.string().optional(), username: z.string().optional() });
const chat = z.looseObject({ id: z.int(), type: z.string() });
const message = z.looseObject({ message_id: z.int(), chat, from: user.optional(), text: z.string().optional() });
const update = z.looseObject({ update_id: z.int(), message: message.optional(), callback_query: z.looseObject({ id: z.string(), from: user, data: z.string().optional(), message: z.looseObject({ chat }).optional() }).optional() });
const answerOf = <T extends z.ZodType>(result: T) => z.looseObject({ ok: z.literal(true), result });
const failure = z.looseObject({ ok: z.literal(false), error_code: z.int().optional(), description: z.string(), parameters: z.looseObject({ retry_after: z.int().optional() }).optional() });

/** 409: another program listens with the same token; nothing came of it, and it may end. 401 and 404: Telegram's answers to a token that it does not know. */
function judge(failed: FailedAnswer): VendorVerdict | undefined {
  const read = failure.safeParse(failed.json);
  if (!read.success) return undefined;
  const { description, parameters, error_code: code } = read.data;
  const retry = parameters?.retry_after === undefined ? {} : { retryAfterMs: parameters.retry_after * 1_000 };
  const kind = failed.status === 401 || failed.status === 404 ? ({ kind: 'SessionLost' } as const) : failed.status === 409 ? ({ kind: 'Retryable' } as const) : {};
  return { message: description, ...(code === undefined ? {} : { code: String(code) }), ...retry, ...kind };
}

/** What cannot be read is told with its number, so that it can be confirmed and does not come back for ever. */
function readUpdate(raw: unknown): ChatUpdate | null {
  const parsed = update.safeParse(raw);
  if (!parsed.success) {
    const number = z.looseObject({ update_id: z.int() }).safeParse(raw);
    return number.success ? { updateId: number.data.update_id, kind: 'unreadable', problem: parsed.error.issues.map(({ path, code }) => `${path.join('.')}: ${code}`).join('; ').slice(0, 300) } : null;
  }
  const { update_id: updateId, message: said, callback_query: press } = parsed.data;
  if (said?.text !== undefined && said.from) {
    const name = [said.from.first_name, said.from.last_name].filter(Boolean).join(' ');
    return { updateId, kind: 'message', chatId: String(said.chat.id), fromId: String(said.from.id), isPrivate: said.chat.type === 'private', text: said.text, name };
  }
  if (press?.message && press.data !== undefined) {
    return { updateId, kind: 'press', callbackId: press.id, chatId: String(press.message.chat.id), fromId: String(press.from.id), isPrivate: press.message.chat.type === 'private', data: press.data };
  }
  // messages and presses alone are asked for: what is neither, or a press that says nothing, is not as the service documents it
  return said ? { updateId, kind: 'other' } : { updateId, kind: 'unreadable', problem: press ? 'callback_query: no data' : 'neither message nor callback_query' };
}

const keyboard = (buttons: readonly ChatButton[] | undefined) => ({ inline_keyboard: buttons && buttons.length > 0 ? [buttons.map(({ text, data }) => ({ text, callback_data: data }))] : [] });

/**
 * A Telegram bot by long polling: no public address is needed. Texts go without `parse_mode`: nothing in a title is ever mark-up. The token is part of every
 * path, and is masked wherever a path is shown.
 */
export function createTelegram(options: TelegramOptions): Telegram {
  const http = new HttpClient({ ...options, limits: { timeoutMs: TIMEOUT_MS, ...options.limits }, connector: CONNECTOR, baseUrl: options.baseUrl ?? 'https://api.telegram.org', judge });
  const ask = async <T>(method: string, json: Record<string, unknown>, call: { readonly schema: z.ZodType<T>; readonly effect: 'read' | 'idempotent' | 'once'; readonly signal?: AbortSignal }): Promise<T> => {
    const token = await options.token();
    const answer = await http.send({
      operation: method, method: 'POST', path: `/bot${encodeURIComponent(token ?? '')}/${method}`, json, effect: call.effect, schema: answerOf(call.schema), signal: call.signal,
    });
    return (answer.body as { result: T }).result;
  };
  return {
    isConnected: options.isConnected,
    async updates({ offset, waitSeconds, signal }) {
      const found = await ask('getUpdates', { ...(offset > 0 ? { offset } : {}), timeout: waitSeconds, allowed_updates: ['message', 'callback_query'] }, { schema: z.array(z.unknown()), effect: 'read', signal });
      return found.flatMap((raw) => readUpdate(raw) ?? []);
    },
    async send({ chatId, text, buttons }) {
      // a second card is harmless: its buttons name the same row
      const sent = await ask('sendMessage', { chat_id: chatId, text: text.slice(0, LONGEST_TEXT), ...(buttons ? { reply_markup: keyboard(buttons) } : {}) }, { schema: message, effect: 'once' });
      return { messageId: String(sent.message_id) };
    },
    async edit({ chatId, messageId, text, buttons }) {
      await ask('editMessageText', { chat_id: chatId, message_id: Number(messageId), text: text.slice(0, LONGEST_TEXT), reply_markup: keyboard(buttons) }, { schema: z.unknown(), effect: 'idempotent' });
    },
    async answer(callbackId, text) {
      await ask('answerCallbackQuery', { callback_query_id: callbackId, text: text.slice(0, LONGEST_ANSWER) }, { schema: z.unknown(), effect: 'idempotent' });
    },
    async check() {
      const me = await ask('getMe', {}, { schema: user, effect: 'read' });
      return { username: me.username ?? me.first_name };
    },
    close: () => http.close(),
  };
}

import { z } from 'zod';
import type { World } from '../../world/types.ts';
import { createHost, type VendorOptions, type VendorRequest, type VendorResponse, type VendorServer } from '../host.ts';

/** Opens the practice bot and nothing else. */
export const PRACTICE_TELEGRAM_TOKEN = '123456789:practice-telegram-bot-token-0000000';

const BOT = { id: 123_456_789, is_bot: true, first_name: 'Practice desk', username: 'practice_desk_bot' };
/** A practice service does not hold a connection for long. */
const LONGEST_WAIT_MS = 2_000;

const keyboard = z.strictObject({ inline_keyboard: z.array(z.array(z.strictObject({ text: z.string().min(1), callback_data: z.string().refine((data) => Buffer.byteLength(data) >= 1 && Buffer.byteLength(data) <= 64, 'BUTTON_DATA_INVALID') }))) });
const METHODS = {
  getMe: z.strictObject({}),
  getUpdates: z.strictObject({ offset: z.int().optional(), limit: z.int().min(1).max(100).optional(), timeout: z.int().min(0).optional(), allowed_updates: z.array(z.string()).optional() }),
  sendMessage: z.strictObject({ chat_id: z.union([z.int(), z.string()]), text: z.string().min(1).max(4_096), reply_markup: keyboard.optional() }),
  editMessageText: z.strictObject({ chat_id: z.union([z.int(), z.string()]), message_id: z.int(), text: z.string().min(1).max(4_096), reply_markup: keyboard.optional() }),
  answerCallbackQuery: z.strictObject({ callback_query_id: z.string(), text: z.string().max(200).optional() }),
} as const;
type Method = keyof typeof METHODS;

export interface ChatMessage {
  readonly messageId: number;
  readonly chatId: number;
  text: string;
  /** Label → what a press sends; empty once they were taken away. */
  buttons: Map<string, string>;
  edits: number;
}

export interface TelegramVendor extends VendorServer {
  /** What the bot sent, oldest first. */
  readonly messages: readonly ChatMessage[];
  /** Answers to presses, by the press. */
  readonly answers: ReadonlyMap<string, string>;
  /** Bodies as they came, for contract tests. */
  readonly traffic: readonly { readonly method: Method; readonly request: unknown; readonly response: unknown }[];
  /** A person writes to the bot. In a private chat the chat has the person's own number. */
  say(personId: number, text: string, chat?: { readonly id: number; readonly type: 'private' | 'group' }): void;
  /** A person presses a button of a message; answers the press's id. */
  press(personId: number, message: ChatMessage, label: string): string;
  /** The same update once more, as after a connection that broke before it was confirmed. */
  repeatLast(): void;
}

class Bot {
  readonly messages: ChatMessage[] = [];
  readonly answers = new Map<string, string>();
  readonly traffic: { method: Method; request: unknown; response: unknown }[] = [];
  #updates: { update_id: number; [kind: string]: unknown }[] = [];
  #next = 1_000;
  #last: { update_id: number; [kind: string]: unknown } | null = null;
  readonly #world: World;
  #wake: () => void = () => {};

  constructor(world: World) {
    this.#world = world;
  }

  get #seconds(): number {
    return Math.floor(this.#world.now() / 1_000);
  }

  push(content: Record<string, unknown>): void {
    this.#last = { update_id: this.#next++, ...content };
    this.#updates.push(this.#last);
    this.#wake();
  }

  repeatLast(): void {
    if (this.#last && !this.#updates.includes(this.#last)) this.#updates.unshift(this.#last);
    this.#wake();
  }

  message(from: number, text: string, chat: { id: number; type: string }): void {
    this.push({ message: { message_id: this.#next, date: this.#seconds, chat: { ...chat, ...(chat.type === 'private' ? { first_name: `Person ${from}` } : { title: 'A group' }) }, from: { id: from, is_bot: false, first_name: `Person ${from}` }, text } });
  }

  press(from: number, message: ChatMessage, label: string): string {
    const data = message.buttons.get(label);
    if (data === undefined) throw new Error(`the message has no button ${label}: ${[...message.buttons.keys()].join(', ')}`);
    const id = `${from}${this.#next}`;
    const chat = { id: message.chatId, type: 'private', first_name: `Person ${message.chatId}` };
    this.push({ callback_query: { id, from: { id: from, is_bot: false, first_name: `Person ${from}` }, chat_instance: '1', data, message: { message_id: message.messageId, date: this.#seconds, chat, from: BOT, text: message.text } } });
    return id;
  }

  async updates(request: z.infer<(typeof METHODS)['getUpdates']>): Promise<unknown[]> {
    const { offset } = request;
    if (offset !== undefined) this.#updates = this.#updates.filter((update) => update.update_id >= offset);
    if (this.#updates.length === 0 && (request.timeout ?? 0) > 0) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, Math.min(LONGEST_WAIT_MS, (request.timeout ?? 0) * 1_000));
        this.#wake = () => { clearTimeout(timer); resolve(); };
      });
    }
    return this.#updates.slice(0, request.limit ?? 100);
  }

  #viewOf(message: ChatMessage): Record<string, unknown> {
    return { message_id: message.messageId, date: this.#seconds, chat: { id: message.chatId, type: 'private', first_name: `Person ${message.chatId}` }, from: BOT, text: message.text };
  }

  send(request: z.infer<(typeof METHODS)['sendMessage']>): unknown {
    const message: ChatMessage = { messageId: this.messages.length + 1, chatId: Number(request.chat_id), text: request.text, buttons: buttonsOf(request.reply_markup), edits: 0 };
    this.messages.push(message);
    return this.#viewOf(message);
  }

  edit(request: z.infer<(typeof METHODS)['editMessageText']>): unknown {
    const message = this.messages.find((known) => known.messageId === request.message_id && known.chatId === Number(request.chat_id));
    if (!message) return null;
    Object.assign(message, { text: request.text, buttons: buttonsOf(request.reply_markup), edits: message.edits + 1 });
    return this.#viewOf(message);
  }
}

function buttonsOf(markup: z.infer<typeof keyboard> | undefined): Map<string, string> {
  return new Map((markup?.inline_keyboard ?? []).flat().map((button) => [button.text, button.callback_data]));
}

const refuse = (status: number, description: string): VendorResponse => ({ status, body: { ok: false, error_code: status, description } });

async function carryOut(bot: Bot, method: Method, body: unknown): Promise<VendorResponse> {
  const request = METHODS[method].safeParse(body);
  if (!request.success) return refuse(400, `Bad Request: ${request.error.issues[0]?.path.join('.')} ${request.error.issues[0]?.message}`);
  let result: unknown;
  if (method === 'getMe') result = BOT;
  else if (method === 'getUpdates') result = await bot.updates(request.data as z.infer<(typeof METHODS)['getUpdates']>);
  else if (method === 'sendMessage') result = bot.send(request.data as z.infer<(typeof METHODS)['sendMessage']>);
  else if (method === 'editMessageText') result = bot.edit(request.data as z.infer<(typeof METHODS)['editMessageText']>);
  else {
    const { callback_query_id: id, text } = request.data as z.infer<(typeof METHODS)['answerCallbackQuery']>;
    bot.answers.set(id, text ?? '');
    result = true;
  }
  if (result === null) return refuse(400, 'Bad Request: message to edit not found');
  const response = { ok: true, result };
  bot.traffic.push({ method, request: body, response });
  return { status: 200, body: response };
}

/** Telegram's Bot API as far as approvals go: long polling, texts with inline buttons, answers to presses, edits. People are the test's. */
export function createTelegramVendor(world: World, options: VendorOptions = {}): TelegramVendor {
  const bot = new Bot(world);
  const handle = (method: Method) => (request: VendorRequest) => {
    if (request.params['bot'] !== `bot${PRACTICE_TELEGRAM_TOKEN}`) return refuse(401, 'Unauthorized');
    return carryOut(bot, method, request.body.length === 0 ? {} : request.json());
  };
  const host = createHost({
    name: 'telegram', world, errorBody: (status, message) => refuse(status, message),
    routes: (Object.keys(METHODS) as Method[]).map((method) => ({ method: 'POST' as const, pattern: `/{bot}/${method}`, name: method, handle: handle(method) })),
  }, options);
  return Object.assign(host, {
    messages: bot.messages, answers: bot.answers, traffic: bot.traffic,
    say: (personId: number, text: string, chat = { id: personId, type: 'private' as const }) => bot.message(personId, text, chat),
    press: (personId: number, message: ChatMessage, label: string) => bot.press(personId, message, label),
    repeatLast: () => bot.repeatLast(),
  });
}

import { drawQrCode } from '#connectors/images/draw-code.ts';
import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { createTelegram, type Telegram } from '#connectors/messaging/telegram/index.ts';
import { listenToChat, registerApprovals, scheduleApprovals, type ApprovalsDeps, type HeadMemory, type RunningChat } from '#engine/flows/approvals/index.ts';
import { sha256Of } from '#engine/purchasing/index.ts';
import { putSetting, readSetting, type SettingKey } from '#engine/settings/index.ts';
import type { ConnectionPort } from '#engine/settings/ports.ts';
import { messageOf } from '#kernel/errors.ts';
import type { EngineContext } from '#runtime/ports.ts';
import type { AppOptions } from './options.ts';
import type { AppParts } from './parts.ts';

const TOKEN = 'telegram/token';

const headSchema = z.strictObject({ seq: z.int(), hash: z.string(), at: z.int() });
const HEAD: SettingKey<z.infer<typeof headSchema> | null> = { key: 'audit-head', schema: headSchema.nullable(), fallback: null };

/**
 * The audit log's newest row in the keychain, where whoever changes the database file does not reach; where there is no keychain, in the settings, which at
 * least shows an accident. Each data folder has its own.
 */
export function createHeadMemory({ secrets, dataDir, practice }: AppOptions, ctx: EngineContext): HeadMemory {
  const name = `audit/head-${sha256Of(dataDir).slice(0, 16)}`;
  // a practice market is thrown away: nothing of it belongs in the keychain of the computer
  const keychain = practice === null;
  return {
    async recall() {
      try {
        const kept = keychain ? await secrets.get(name) : null;
        if (kept !== null) return { ...headSchema.parse(JSON.parse(kept)), keptIn: 'keychain' };
      } catch (error) {
        ctx.log.warn('the keychain cannot be asked for the head of the audit log', { error: messageOf(error) });
      }
      const stored = (await readSetting(ctx.db, HEAD)).value;
      return stored && { ...stored, keptIn: 'settings' };
    },
    async remember({ seq, hash }) {
      const head = { seq, hash, at: ctx.clock.now() };
      await ctx.db.transaction((tx) => putSetting(tx, HEAD, head, head.at));
      try {
        if (keychain) await secrets.set(name, JSON.stringify(head));
      } catch (error) {
        ctx.log.warn('the head of the audit log is kept in the settings only', { error: messageOf(error) });
      }
    },
  };
}

/** A bot of the user's own. The practice desk speaks to no real chat. */
export class ApprovalChat {
  readonly telegram: Telegram;
  readonly #options: AppOptions;
  #connected = false;

  constructor(options: AppOptions) {
    this.#options = options;
    const { clock, random, log } = options;
    this.telegram = createTelegram({ clock, random, log, token: () => this.#token(), isConnected: () => this.#connected });
  }

  #token(): Promise<string | null> {
    return this.#options.practice ? Promise.resolve(null) : this.#options.secrets.get(TOKEN);
  }

  async refresh(): Promise<void> {
    try {
      this.#connected = (await this.#token()) !== null;
    } catch {
      this.#connected = false; // no keychain: the settings page says so
    }
  }

  connection(): ConnectionPort {
    return {
      id: 'telegram', name: 'Telegram', baseUrl: 'https://api.telegram.org', fields: [{ name: 'token', label: 'Bot token', secret: true }],
      check: async () => {
        await this.refresh();
        await this.telegram.check();
      },
    };
  }
}

export function wireApprovals(parts: Omit<AppParts, 'approvals'>, chat: ApprovalChat): ApprovalsDeps {
  return {
    ctx: parts.ctx, purchasing: parts.trade.purchasing, opportunities: parts.opportunities, killSwitch: parts.killSwitch, heads: createHeadMemory(parts.options, parts.ctx), randomBytes: (length) => randomBytes(length), chat: chat.telegram, drawCode: drawQrCode,
  };
}

export interface StartedApprovals {
  start(): void;
  stop(): Promise<void>;
}

export async function openApprovals(deps: ApprovalsDeps, chat: ApprovalChat): Promise<StartedApprovals> {
  await chat.refresh();
  registerApprovals(deps);
  deps.ctx.outbox.subscribe('settings.connection', () => chat.refresh());
  await scheduleApprovals(deps);
  let running: RunningChat | null = null;
  return {
    start: () => void (running ??= listenToChat(deps)),
    async stop() {
      await running?.stop();
      await chat.telegram.close();
    },
  };
}

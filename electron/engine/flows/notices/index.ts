import { implement } from '@orpc/server';
import { z } from 'zod';
import { declaredErrors } from '#contract/errors.ts';
import { noticesContract } from '#contract/notices.ts';
import { messageOf } from '#kernel/errors.ts';
import { maskText } from '#kernel/log.ts';
import { MINUTE_MS } from '#kernel/time.ts';
import { toNumber } from '#runtime/database.ts';
import { readSetting, writeSetting } from '../../settings/index.ts';
import type { NoticesDeps } from './deps.ts';
import { NOTICES } from './rules.ts';
import { tellPeople, waysOf } from './tell.ts';

export type { NoticesDeps } from './deps.ts';

const TELL = 'notices.tell';
const TELL_EVERY_MS = 5 * MINUTE_MS;

export function registerNotices(deps: NoticesDeps): void {
  const { ctx } = deps;
  ctx.jobs.register({
    kind: TELL, payload: z.strictObject({}),
    run: async () => void (await tellPeople(deps)),
  });
  ctx.outbox.subscribe('settings.notices', () => scheduleNotices(deps));
}

/** Nothing runs before a person wants to be told. */
export async function scheduleNotices({ ctx }: NoticesDeps): Promise<void> {
  const { telegram, mail } = (await readSetting(ctx.db, NOTICES)).value;
  await ctx.jobs.schedule(TELL, { everyMs: TELL_EVERY_MS, jobKind: TELL, payload: {}, enabled: telegram || mail });
}

export function createNoticeProcedures(deps: NoticesDeps) {
  const os = implement(noticesContract).use(declaredErrors);
  const { ctx } = deps;
  return os.router({
    get: os.get.handler(async () => {
      const stored = await readSetting(ctx.db, NOTICES);
      const [all, failed, chats] = await Promise.all([ctx.db.prisma.notice.aggregate({ where: { state: 'sent' }, _count: { _all: true }, _max: { attemptedAt: true } }), ctx.db.prisma.notice.count({ where: { state: { in: ['refused', 'unknown'] } } }), ctx.db.prisma.personChannel.count({ where: { kind: 'telegram', revokedAt: null, person: { disabledAt: null } } })]);
      const { attemptedAt } = all['_max'];
      return { ...stored, value: { ...stored.value, about: [...stored.value.about] }, ways: { chats: deps.chat.isConnected() ? chats : 0, mail: deps.mailChannel() !== null, told: all['_count']['_all'], lastAt: attemptedAt === null ? null : toNumber(attemptedAt), failed } };
    }),
    set: os.set.handler(({ input }) => ctx.db.transaction(async (tx) => {
      const stored = await writeSetting(tx, NOTICES, { ...input, at: ctx.clock.now() });
      await ctx.outbox.add(tx, 'settings.notices', null, {});
      return stored;
    })),
    test: os.test.handler(async () => {
      if (await ctx.killSwitch.isOn()) return { held: true, sent: 0, failed: [] };
      const failed: string[] = [];
      const ways = await waysOf(deps, (await readSetting(ctx.db, NOTICES)).value);
      for (const way of ways) {
        try {
          await way.send({ subject: 'Resale Desk: a test', text: 'This is how the desk tells you of what needs you.', key: `notice:test:${way.id}:${ctx.ids.next('event')}` });
        } catch (error) {
          failed.push(`${way.id.slice(0, way.id.indexOf(':'))}: ${maskText(messageOf(error)).slice(0, 200)}`);
        }
      }
      return { held: false, sent: ways.length - failed.length, failed };
    }),
  });
}

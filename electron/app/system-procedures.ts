import { implement } from '@orpc/server';
import type { z } from 'zod';
import { declaredErrors } from '#contract/errors.ts';
import { systemContract, type jobView, type systemInfo } from '#contract/system.ts';
import { DomainError } from '#kernel/errors.ts';
import { setKillSwitch } from '#engine/flows/approvals/index.ts';
import { readToday } from '#engine/reporting/index.ts';
import { KILL_SWITCH, MODE, putSetting, readSetting } from '#engine/settings/index.ts';
import { OWNER } from '#engine/team/index.ts';
import type { HeldKillSwitch } from '#runtime/kill-switch.ts';
import type { EngineContext } from '#runtime/ports.ts';
import type { AppOptions } from './options.ts';

type SystemInfo = z.infer<typeof systemInfo>;
type JobView = z.infer<typeof jobView>;

/** Jobs that the desk lists: what runs or waits, and what ended lately. */
const JOBS_LISTED = 100;
/** Turns of the clock are no work that a person follows. */
const SILENT_KINDS = ['scan-due', 'orders.sync', 'purchases.track', 'reconsider', 'audit.anchor', 'approvals.expire', 'approvals.chat-cards', 'support.poll', 'support.answer'];

interface JobRow {
  id: string; kind: string; state: string; attempts: number; lastError: string | null; progress: string | null; createdAt: bigint; finishedAt: bigint | null;
}

function viewJob(row: JobRow, now: number): JobView {
  const stored = row.progress === null ? null : (JSON.parse(row.progress) as { done: number; total?: number | null; note?: string | null });
  const seconds = Math.max(0.001, (now - Number(row.createdAt)) / 1_000);
  const perSecond = stored && stored.done > 0 ? stored.done / seconds : null;
  const left = stored?.total && perSecond ? Math.max(0, (stored.total - stored.done) / perSecond) : null;
  return {
    id: row.id, kind: row.kind, state: row.state as JobView['state'], attempts: row.attempts, lastError: row.lastError,
    progress: stored ? { done: stored.done, total: stored.total ?? null, perSecond, leftSeconds: left, note: stored.note ?? null } : null,
    createdAt: Number(row.createdAt), finishedAt: row.finishedAt === null ? null : Number(row.finishedAt),
  };
}

async function requireJob(ctx: EngineContext, id: string): Promise<JobView> {
  const row = await ctx.db.prisma.job.findUnique({ where: { id } });
  if (!row) throw new DomainError('NOT_FOUND', `There is no job ${id}.`, { kind: 'job', id });
  return viewJob(row, ctx.clock.now());
}

async function readInfo(ctx: EngineContext, options: AppOptions): Promise<SystemInfo> {
  const mode = (await readSetting(ctx.db, MODE)).value.mode;
  return {
    version: options.version, mode: options.practice ? 'practice' : 'live', // The market of own accounts is only ever opened because a person chose it.
    firstRun: mode === null && options.practice !== null, dataDir: options.dataDir, now: ctx.clock.now(),
    practice: options.practice ? { seed: options.practice.seed, speed: options.practice.speed } : null, killSwitch: (await readSetting(ctx.db, KILL_SWITCH)).value.on,
  };
}

/** Ends the first run where it fits this engine's market; the other market has a folder and an engine of its own. */
async function chooseMode(ctx: EngineContext, options: AppOptions, mode: 'practice' | 'live'): Promise<SystemInfo> {
  const own = options.practice ? 'practice' : 'live';
  if (mode !== own) {
    if (!options.switchMode) throw new DomainError('INVALID', `This desk was opened on the ${own} market. Start it again to work on the other.`, { field: 'mode', reason: 'fixed' });
    options.switchMode(mode);
    return { ...(await readInfo(ctx, options)), mode };
  }
  await ctx.db.transaction(async (tx) => {
    await putSetting(tx, MODE, { mode }, ctx.clock.now());
    await ctx.outbox.add(tx, 'settings.mode', null, { mode });
  });
  return readInfo(ctx, options);
}

export function createSystemProcedures(ctx: EngineContext, options: AppOptions, killSwitch: HeldKillSwitch) {
  const os = implement(systemContract).use(declaredErrors);
  return os.router({
    info: os.info.handler(() => readInfo(ctx, options)),
    chooseMode: os.chooseMode.handler(({ input }) => chooseMode(ctx, options, input.mode)),
    setKillSwitch: os.setKillSwitch.handler(async ({ input }) => {
      await setKillSwitch({ ctx, killSwitch }, input.on, { personId: OWNER, channel: 'desktop' });
      return readInfo(ctx, options);
    }),
    today: os.today.handler(() => readToday({ ctx })),
    jobs: os.jobs.handler(async () => {
      const rows = await ctx.db.prisma.job.findMany({ where: { OR: [{ kind: { notIn: SILENT_KINDS } }, { state: 'failed' }] }, orderBy: { createdAt: 'desc' }, take: JOBS_LISTED });
      return rows.map((row) => viewJob(row, ctx.clock.now()));
    }),
    cancelJob: os.cancelJob.handler(async ({ input }) => {
      await requireJob(ctx, input.id);
      await ctx.jobs.cancel(input.id);
      return requireJob(ctx, input.id);
    }),
    retryJob: os.retryJob.handler(async ({ input }) => {
      await requireJob(ctx, input.id);
      await ctx.jobs.retry(input.id);
      return requireJob(ctx, input.id);
    }),
    views: os.views.handler(async ({ input }) => {
      const rows = await ctx.db.prisma.savedView.findMany({ where: { page: input.page }, orderBy: { name: 'asc' } });
      return rows.map((r) => ({ id: r.id, page: r.page, name: r.name, query: JSON.parse(r.query) as Record<string, unknown> }));
    }),
    saveView: os.saveView.handler(async ({ input }) => {
      const query = JSON.stringify(input.query);
      const row = await ctx.db.prisma.savedView.upsert({
        where: { page_name: { page: input.page, name: input.name } }, update: { query },
        create: { id: ctx.ids.next('savedView'), page: input.page, name: input.name, query, createdAt: ctx.clock.now() },
      });
      return { id: row.id, page: row.page, name: row.name, query: input.query };
    }),
    deleteView: os.deleteView.handler(async ({ input }) => {
      const gone = await ctx.db.prisma.savedView.deleteMany({ where: { id: input.id } });
      if (gone.count === 0) throw new DomainError('NOT_FOUND', `There is no saved view ${input.id}.`, { kind: 'view', id: input.id });
      return { id: input.id };
    }),
    events: os.events.handler(async function* ({ input, signal }) {
      for await (const event of ctx.outbox.stream(signal ?? new AbortController().signal, input.after)) {
        yield { seq: event.seq, topic: event.topic, id: event.id, at: event.at, data: { ...event.data } };
      }
    }),
  });
}

import { call } from '@orpc/server';
import { verifyBooks } from '#engine/flows/index.ts';
import { createPaymentProcedures, registerPayments, requestPayment, schedulePayments } from '#engine/payments/index.ts';
import type { PaymentProvider } from '#engine/payments/ports.ts';
import { isConnectorError } from '#kernel/errors.ts';
import { money } from '#kernel/money.ts';
import { HOUR_MS, MINUTE_MS } from '#kernel/time.ts';
import type { CrashProbe, Database } from '#runtime/ports.ts';
import { HOW, openDesk, openProvider, pass, PRICE, START } from './payments.ts';
import { count, type ChildContext, type OpenMarket, type Scenario, type Tally } from './scenario.ts';

/** Those that can close what a customer was sent. */
export type ClosingProvider = 'stripe' | 'chargily';

const CUSTOMERS = 6;
/** The second half of the customers has had time to pay; of the first half nobody can have. */
const LATER_MS = 12 * HOUR_MS;

const isClosed = (id: ClosingProvider, value: unknown): boolean => {
  const held = value as { readonly ended?: boolean; readonly expiredAt?: number | null };
  return id === 'stripe' ? held.ended === true : typeof held.expiredAt === 'number';
};

async function open(id: ClosingProvider, seed: number): Promise<OpenMarket> {
  const { clock, world, vendor, market } = await openProvider(id, seed);

  async function tally(db: Database): Promise<Tally> {
    const desk = openDesk(id, { db, clock, baseUrl: vendor.baseUrl });
    const books = await verifyBooks({ ctx: desk.ctx }, 'USD');
    const [provider] = desk.deps.providers();
    const payments = await db.prisma.payment.findMany({ orderBy: { id: 'asc' } });
    const told = await Promise.all(payments.map(async (payment) => ({ payment, reading: await provider!.read(JSON.parse(payment.handle) as Record<string, string>) })));
    await desk.close();
    const lists = { duplicates: [] as string[], losses: [] as string[] };
    const pages = world.documents(id, HOW[id].asked);
    count(lists, 'payments at the desk', { have: payments.length, want: CUSTOMERS });
    count(lists, 'pages at the provider', { have: pages.length, want: CUSTOMERS });
    const paid = told.filter(({ reading }) => reading.paid !== null);
    count(lists, 'payments found paid', { have: payments.filter(({ paidMinor }) => paidMinor !== null).length, want: paid.length });
    count(lists, 'sales booked', { have: await db.prisma.order.count(), want: paid.length });
    const closed = pages.filter(({ value }) => isClosed(id, value)).length;
    const over = told.filter(({ reading }) => ['cancelled', 'expired'].includes(reading.state));
    count(lists, 'pages that were closed before anybody paid', { have: closed, want: over.length });
    count(lists, 'payments that the desk knows to be over', { have: over.filter(({ payment: { state } }) => state === 'cancelled' || state === 'expired').length, want: over.length });
    const askedFor = new Set((await db.prisma.auditEntry.findMany({ where: { action: 'payment.cancel-asked' }, select: { subject: true } })).map(({ subject }) => subject));
    count(lists, 'closed payments on record with who wanted it', { have: over.filter(({ payment: { id: one } }) => askedFor.has(one)).length, want: closed });
    if (closed === 0) lists.losses.push('nothing was closed: the run proves nothing of cancelling');
    return { ...lists, effects: pages.length + closed, unbalanced: books.sound ? [] : [...books.findings, ...books.miscounted].map((finding) => JSON.stringify(finding)) };
  }

  return { ...market, tally, look: () => '' };
}

/** A call that is no step of a workflow is a place to die as well. */
function probed(provider: PaymentProvider, probe: CrashProbe): PaymentProvider {
  return Object.assign(Object.create(provider) as PaymentProvider, {
    async cancel(...given: Parameters<NonNullable<PaymentProvider['cancel']>>) {
      probe('effect:cancel:before');
      await provider.cancel!(...given);
      probe('effect:cancel:called');
    },
  });
}

async function carry(id: ClosingProvider, context: ChildContext): Promise<void> {
  const { db, clock, facts, probe, seed } = context;
  const { ctx, deps: opened, close } = openDesk(id, { db, clock, baseUrl: facts['baseUrl']!, probe, seed });
  const providers = opened.providers().map((provider) => probed(provider, probe));
  const deps = { ...opened, providers: () => providers };
  const os = createPaymentProcedures(deps, 'amina');
  registerPayments(deps);
  await schedulePayments(deps);
  const { prisma } = db;
  const work = async () => void (await ctx.jobs.runDue());
  const { method, currency } = HOW[id];
  while ((await prisma.payment.count()) < CUSTOMERS) {
    await requestPayment(deps, { provider: id, method, amount: money(PRICE, currency), description: 'Kettle', lotId: facts['lotId']!, units: 1, hours: 20, by: 'amina', customer: { name: 'Tendai Moyo', email: 'tendai@example.org', phone: '0775 123 456' } });
  }
  await pass(context, work, MINUTE_MS);
  const ids = (await prisma.payment.findMany({ orderBy: { id: 'asc' }, select: { id: true } })).map((payment) => payment.id);
  /** A person who presses again until it is over, or sees that it was paid. */
  const isOver = async (payment: string): Promise<boolean> => {
    const { version, state } = await call(os.get, { id: payment });
    if (state !== 'open' && state !== 'processing') return true;
    await call(os.cancel, { id: payment, version }).catch((error: unknown) => {
      if (!isConnectorError(error) && (error as { readonly code?: string }).code === undefined) throw error;
    });
    return false;
  };
  for (const [half, at] of [[ids.slice(0, CUSTOMERS / 2), clock.now()], [ids.slice(CUSTOMERS / 2), START + LATER_MS]] as const) {
    await pass(context, work, Math.max(0, at - clock.now()));
    for (let press = 0; press < 10; press++) {
      let over = 0;
      for (const payment of half) if (await isOver(payment)) over++;
      if (over === half.length) break;
      if (press > 0) await pass(context, work, 5 * MINUTE_MS);
    }
  }
  await pass(context, work, 30 * HOUR_MS);
  await close();
}

/** Six customers are asked for money, and it is taken back: from three at once, from three when they may have paid. */
export const cancelPayment = (id: ClosingProvider): Scenario => ({
  name: `ask and take back: ${id}`, steps: ['effect:create', 'transact:note', 'effect:cancel'], faultsAt: id === 'stripe' ? ['expire-session'] : ['expire'], open: (seed) => open(id, seed), carry: (context) => carry(id, context),
});

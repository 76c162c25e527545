import { implement } from '@orpc/server';
import { declaredErrors } from '#contract/errors.ts';
import { supportContract } from '#contract/support.ts';
import { searchCustomers } from '../customers/index.ts';
import { readSetting, writeSetting } from '../settings/index.ts';
import type { SupportDeps } from './deps.ts';
import { INTENTS, readEarned } from './earned.ts';
import { SUPPORT_POLICY } from './policy.ts';
import { readTicketFacets } from './list-tickets.ts';
import { readCounts, readTicket, readTicketRow, readTickets } from './read-tickets.ts';
import { closeTicket, escalateTicket, reopenTicket, sendReply, snoozeTicket } from './steer-ticket.ts';
import type { Ticket } from './ticket.ts';

/** What spans more modules than this one. */
export interface PersonData {
  export(customerId: string): Promise<Record<string, unknown>>;
  erase(customerId: string, by: string): Promise<{ tickets: number; orders: number; payments: number; contacts: number }>;
}

/** @param by whose doing it is. */
export function createSupportProcedures(deps: SupportDeps, people: PersonData, by: string) {
  const os = implement(supportContract).use(declaredErrors);
  const { ctx } = deps;
  const { prisma } = ctx.db;
  const row = async (moved: Promise<Ticket>) => readTicketRow(ctx, prisma, await moved);
  const policy = async () => readSetting(ctx.db, SUPPORT_POLICY);
  return os.router({
    list: os.list.handler(({ input }) => readTickets(ctx, input)),
    facets: os.facets.handler(() => readTicketFacets(ctx.db)),
    get: os.get.handler(({ input }) => readTicket(ctx, prisma, input.id)),
    counts: os.counts.handler(() => readCounts(prisma, ctx.clock.now())),
    send: os.send.handler(({ input }) => row(sendReply(deps, { ...input, by }))),
    escalate: os.escalate.handler(({ input }) => row(escalateTicket(deps, { ...input, by }))),
    snooze: os.snooze.handler(({ input }) => row(snoozeTicket(deps, { ...input, by }))),
    close: os.close.handler(({ input }) => row(closeTicket(deps, { ...input, by }))),
    reopen: os.reopen.handler(({ input }) => row(reopenTicket(deps, { ...input, by }))),
    earned: os.earned.handler(async () => {
      const { value } = await policy();
      return Promise.all(INTENTS.map((intent) => readEarned(prisma, value, intent, ctx.clock.now())));
    }),
    policy: os.policy.handler(async () => {
      const { value, version } = await policy();
      return { value, version };
    }),
    setPolicy: os.setPolicy.handler(({ input }) => ctx.db.transaction(async (tx) => {
      const { value, version } = await writeSetting(tx, SUPPORT_POLICY, { value: input.value, version: input.version, at: ctx.clock.now() });
      await ctx.audit.append(tx, { actor: by, channel: 'desktop', action: 'support.policy-changed', data: { version, autoSend: value.autoSend } });
      await ctx.outbox.add(tx, 'ticket.policy', null, {});
      return { value, version };
    })),
    customers: os.customers.handler(async ({ input }) => (await searchCustomers(ctx, prisma, input.search)).map((one) => ({ id: one.id, name: one.name, contacts: one.contacts.map(({ kind, value }) => ({ kind, value })), orders: one.orderIds.length }))),
    exportCustomer: os.exportCustomer.handler(({ input }) => people.export(input.id)),
    eraseCustomer: os.eraseCustomer.handler(({ input }) => people.erase(input.id, by)),
  });
}

import { implement } from '@orpc/server';
import { approvalsContract } from '#contract/approvals.ts';
import { declaredErrors } from '#contract/errors.ts';
import { KILL_SWITCH, readSetting } from '../../settings/index.ts';
import { addPerson, disablePerson, issueCode, listPeople, unlinkChannel, type Actor, type Person } from '../../team/index.ts';
import { exportAuditHead, readAudit, verifyAudit } from './audit.ts';
import { decide } from './decide.ts';
import type { ApprovalsDeps } from './deps.ts';
import { phonePerson, signPhoneIn } from './phone.ts';
import { readInbox } from './read-inbox.ts';
import { readLimitHistory } from './read-limit-history.ts';
import { replayApproval } from './replay-approval.ts';
import { readHeldBack, setKillSwitch } from './set-kill-switch.ts';

const peopleOf = (people: readonly Person[]) => people.map((person) => ({ ...person, channels: person.channels.map((channel) => ({ ...channel })) }));

function createPhoneProcedures(deps: ApprovalsDeps) {
  const os = implement(approvalsContract.phone).use(declaredErrors);
  return os.router({
    login: os.login.handler(({ input }) => signPhoneIn(deps, input)),
    inbox: os.inbox.handler(async ({ input }) => {
      const person = await phonePerson(deps, input.session);
      const { items } = await readInbox(deps, person.personId);
      return { name: person.name, killSwitch: (await readSetting(deps.ctx.db, KILL_SWITCH)).value.on, now: deps.ctx.clock.now(), items };
    }),
    decide: os.decide.handler(async ({ input: { session, ...decision } }) => {
      const { personId } = await phonePerson(deps, session);
      return decide(deps, decision, { personId, channel: 'phone' });
    }),
    stop: os.stop.handler(async ({ input }) => {
      const { personId } = await phonePerson(deps, input.session);
      await setKillSwitch(deps, true, { personId, channel: 'phone' });
      return { on: true };
    }),
  });
}

/** @param user who sits at the desk. */
export function createApprovalProcedures(deps: ApprovalsDeps, user: Actor) {
  const os = implement(approvalsContract).use(declaredErrors);
  const { prisma } = deps.ctx.db;
  return os.router({
    inbox: os.inbox.handler(() => readInbox(deps, user.personId)),
    decide: os.decide.handler(({ input }) => decide(deps, input, user)),
    replay: os.replay.handler(({ input }) => replayApproval(deps, input.id)),
    limitHistory: os.limitHistory.handler(({ input }) => readLimitHistory(deps, input.limits)),
    heldBack: os.heldBack.handler(async () => {
      const view = await readHeldBack(deps);
      return { ...view, waiting: view.waiting.map((group) => ({ ...group })) };
    }),
    audit: os.audit.handler(({ input }) => readAudit(deps, input)),
    verifyAudit: os.verifyAudit.handler(({ input }) => verifyAudit(deps, input.exported)),
    exportAuditHead: os.exportAuditHead.handler(() => exportAuditHead(deps)),
    people: os.people.handler(async () => peopleOf(await listPeople(prisma))),
    addPerson: os.addPerson.handler(async ({ input }) => peopleOf(await addPerson(deps, { name: input.name, by: user }))),
    removePerson: os.removePerson.handler(async ({ input }) => peopleOf(await disablePerson(deps, { id: input.id, by: user }))),
    issueCode: os.issueCode.handler(({ input }) => issueCode(deps, { ...input, by: user, randomBytes: deps.randomBytes })),
    pairingPicture: os.pairingPicture.handler(async ({ input }) => ({ rows: (await deps.drawCode?.(input.address)) ?? [] })),
    unlink: os.unlink.handler(async ({ input }) => {
      await unlinkChannel(deps, { id: input.id, by: user });
      return peopleOf(await listPeople(prisma));
    }),
    phone: createPhoneProcedures(deps),
  });
}

import { implement } from '@orpc/server';
import { approvalsContract, type InboxItem } from '#contract/approvals.ts';
import * as data from './fixture-data.ts';

const usd = (minor: number) => ({ minor, currency: 'USD' });
const HOUR = 3_600_000;
const OWNER = { personId: 'owner', name: 'Owner', channel: 'desktop', at: data.FIXTURE_NOW - 2 * HOUR };

/** Two that wait for a second person, two that changed since they were approved, and some that are worth buying. */
export function inboxItems(): InboxItem[] {
  const rows = data.opportunityRows(8);
  const base = (n: number, kind: InboxItem['kind']): InboxItem => {
    const row = rows[n]!;
    return {
      kind, id: kind === 'opportunity' ? row.id : `pur_00000${n}`, version: 1, opportunityId: row.id, title: row.title, sourceName: row.sourceName, quantity: row.quantity, total: usd(row.unitCost.minor * row.quantity), profit: usd(row.profit.minor * row.quantity),
      roiBp: row.roiBp, lossChanceBp: row.lossChanceBp, daysToSell: row.daysToSell, expiresAt: null, at: data.FIXTURE_NOW - n * HOUR, reason: null, drift: [], consents: [], mayDecide: true,
    };
  };
  return [
    { ...base(0, 'second'), total: usd(148_000), expiresAt: data.FIXTURE_NOW + 2 * HOUR, consents: [{ ...OWNER, personId: 'per_1', name: 'Karim', channel: 'telegram' }] },
    { ...base(1, 'second'), total: usd(92_000), expiresAt: data.FIXTURE_NOW + 31 * HOUR, consents: [OWNER], mayDecide: false },
    { ...base(2, 'again'), reason: { code: 'stop.price-rose', data: { terms: { quantity: 6, unit: usd(1_327), total: usd(7_962) }, approved: { quantity: 6, maxUnit: usd(1_265), maxTotal: usd(7_590) } } }, drift: [{ code: 'unit', before: usd(1_265), after: usd(1_327) }, { code: 'total', before: usd(7_590), after: usd(7_962) }], consents: [OWNER] },
    { ...base(3, 'again'), reason: { code: 'stop.fees-rose', data: { before: usd(312), after: usd(365) } }, drift: [{ code: 'fees', before: usd(312), after: usd(365) }], consents: [OWNER] },
    ...[4, 5, 6, 7].map((n) => base(n, 'opportunity')),
  ];
}

const LIMITS = ['limit.per-purchase', 'limit.per-day', 'limit.per-week', 'limit.per-month', 'limit.per-seller', 'limit.per-category', 'limit.per-source', 'limit.min-profit', 'limit.min-roi', 'limit.confidence', 'limit.loss-chance', 'limit.days-to-sell', 'limit.blocked-brand', 'limit.blocked-category', 'limit.two-person'];
const person = (id: string, name: string, channels: { id: string; kind: 'telegram' | 'phone'; label: string }[]) => ({ id, name, role: id === 'owner' ? ('owner' as const) : ('approver' as const), disabledAt: null, channels: channels.map((channel) => ({ ...channel, linkedAt: data.FIXTURE_NOW - 90 * HOUR, seenAt: null })) });

export interface ApprovalsFixture {
  readonly empty: () => boolean;
  readonly gate: () => Promise<void>;
  readonly calls: string[];
  readonly killSwitch: () => boolean;
}

const hash = (seq: number) => String(seq).padStart(4, '0').repeat(16);

export function approvalProcedures({ empty, gate, calls, killSwitch }: ApprovalsFixture) {
  const os = implement(approvalsContract);
  const gone = new Set<string>();
  const people = () => (empty() ? [person('owner', 'Owner', [])] : [person('owner', 'Owner', [{ id: 'chn_1', kind: 'phone', label: 'Pixel 9' }]), person('per_1', 'Karim', [{ id: 'chn_2', kind: 'telegram', label: 'Karim B.' }])]);
  const actions = ['approval.given', 'effect.begun', 'effect.made', 'purchase.confirmed', 'limits.changed', 'kill-switch.pressed', 'kill-switch.released', 'approval.blocked', 'channel.linked', 'approval.second-given'];
  const entry = (seq: number) => ({ seq, at: data.FIXTURE_NOW - (900 - seq) * 60_000, actor: seq % 3 === 0 ? 'desk' : 'owner', actorName: seq % 3 === 0 ? null : 'Owner', channel: seq % 3 === 0 ? 'workflow' : 'desktop', action: actions[seq % actions.length]!, subject: `pur_00000${seq % 9}`, data: { maxTotal: usd(seq * 100) }, hash: hash(seq) });
  const outcome = (input: { kind: string; id: string; decision: string }) => { calls.push(`decide:${input.kind}:${input.id}:${input.decision}`); gone.add(input.id); return { outcome: input.decision === 'refuse' ? ('refused' as const) : ('approved' as const), purchaseId: 'pur_000007' }; };
  return os.router({
    inbox: os.inbox.handler(async () => { await gate(); const items = empty() ? [] : inboxItems().filter((item) => !gone.has(item.id)); return { items, waiting: items.filter((item) => item.kind !== 'opportunity').length }; }),
    decide: os.decide.handler(({ input }) => outcome(input)),
    replay: os.replay.handler(({ input }) => ({
      approvalId: 'apr_1', purchaseId: input.id, title: 'A kettle', approvedAt: data.FIXTURE_NOW, expiresAt: data.FIXTURE_NOW + 48 * HOUR, evidenceSha256: hash(1), equal: true, consents: [OWNER],
      checks: (['evidence', 'terms', 'home-total', 'fees', 'profit', 'limits'] as const).map((code) => ({ code, frozen: '$75.90', recomputed: '$75.90', equal: true })), versions: { limits: '4', feeCard: 'ebay-us 2026-02' },
    })),
    limitHistory: os.limitHistory.handler(async () => {
      await gate();
      return { since: data.FIXTURE_NOW - 720 * HOUR, purchases: empty() ? 0 : 38, spent: usd(empty() ? 0 : 412_300), limits: LIMITS.map((code, n) => ({ code, wouldStop: empty() ? 0 : (n * 7) % 5, amount: usd(empty() ? 0 : ((n * 7) % 5) * 8_350), stopped: empty() ? 0 : n % 3 })) };
    }),
    heldBack: os.heldBack.handler(() => ({ on: killSwitch(), since: killSwitch() ? data.FIXTURE_NOW : null, by: killSwitch() ? 'Owner' : null, waiting: killSwitch() ? [{ kind: 'buy', count: 2 }, { kind: 'list', count: 5 }] : [] })),
    audit: os.audit.handler(async ({ input }) => {
      await gate();
      const from = input.cursor ? Number(input.cursor) - 1 : 900;
      const items = empty() ? [] : Array.from({ length: Math.min(input.limit, from) }, (_, n) => entry(from - n));
      return { items, nextCursor: items.length > 0 && items.at(-1)!.seq > 1 ? String(items.at(-1)!.seq) : null };
    }),
    verifyAudit: os.verifyAudit.handler(() => ({ sound: true, rows: 900, head: { seq: 900, hash: hash(900) }, broken: null, anchor: { seq: 890, hash: hash(890), at: data.FIXTURE_NOW - HOUR, keptIn: 'keychain' as const }, books: { entries: 640, broken: null }, tookMs: 12 })),
    exportAuditHead: os.exportAuditHead.handler(() => ({ format: 'resale-desk/audit-head-1' as const, count: 900, seq: 900, hash: hash(900), at: data.FIXTURE_NOW - HOUR, exportedAt: data.FIXTURE_NOW })),
    people: os.people.handler(() => people()),
    addPerson: os.addPerson.handler(({ input }) => [...people(), person('per_2', input.name, [])]),
    removePerson: os.removePerson.handler(() => people()),
    pairingPicture: os.pairingPicture.handler(() => ({ rows: Array.from({ length: 25 }, (_, y) => Array.from({ length: 25 }, (__, x) => ((x * y + x + y) % 3 === 0 ? '1' : '0')).join('')) })),
    issueCode: os.issueCode.handler(() => ({ code: 'K7QH2M9RXT', expiresAt: data.FIXTURE_NOW + 600_000 })),
    unlink: os.unlink.handler(() => people()),
    phone: {
      login: os.phone.login.handler(() => ({ session: 'x'.repeat(43), name: 'Owner' })),
      inbox: os.phone.inbox.handler(() => ({ name: 'Owner', killSwitch: killSwitch(), now: data.FIXTURE_NOW, items: inboxItems() })),
      decide: os.phone.decide.handler(({ input }) => outcome(input)),
      stop: os.phone.stop.handler(() => ({ on: true })),
    },
  });
}

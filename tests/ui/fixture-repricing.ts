import type { implement } from '@orpc/server';
import type { contract } from '#contract/index.ts';
import type { RepriceDecision, RepriceRow, RepriceSettings } from '#contract/repricing.ts';
import { money } from '#kernel/money.ts';
import { FIXTURE_NOW, listingRows } from './fixture-data.ts';

const HOUR = 3_600_000;
const SETTINGS: RepriceSettings = {
  on: true, sets: [],
  rule: { strategy: 'optimise', minRoiBp: 500, ceilingBp: 13_000, undercutBp: 100, marginBp: 2_500, sellWithinDays: 60, clearanceBp: 5_000, holdingBpPerYear: 2_000, search: true, leastChangeBp: 100, leastHours: 12, changesPerDay: 4 },
};

function rows(): RepriceRow[] {
  return listingRows(40).filter((row) => row.state === 'active').map((row, i) => {
    const proposed = money(Math.max(row.floor.minor, Math.round(row.price.minor * (i % 3 === 0 ? 0.96 : i % 3 === 1 ? 1.05 : 1))), row.price.currency);
    const lowest = money(Math.round(row.price.minor * 0.99), row.price.currency);
    return {
      listingId: row.id, listingVersion: row.version, sku: row.sku, title: row.title, channel: row.channel, category: 'home', quantity: row.quantity, price: row.price, floor: row.floor, proposed, action: proposed.minor === row.price.minor ? 'keep' as const : 'change' as const,
      strategy: 'optimise' as const, lowest, pausedAt: i === 5 ? FIXTURE_NOW - 5 * HOUR : null,
      reasons: [{ code: 'reprice.optimised', data: { reference: lowest, perDay: 0.21, units: row.quantity, days: 41, waiting: money(1_240, row.price.currency), overReferenceBp: 420 } }],
    };
  });
}

function decisions(): RepriceDecision[] {
  return rows().slice(0, 12).map((row, i) => ({
    id: `decision_${String(900 - i)}`, listingId: row.listingId, title: row.title, at: FIXTURE_NOW - i * HOUR, trigger: (['sale', 'market', 'stock'] as const)[i % 3]!, action: i % 4 === 3 ? 'keep' as const : 'change' as const, from: row.price, to: row.proposed,
    floor: row.floor, lowest: row.lowest, reasons: row.reasons, undoneAt: i === 2 ? FIXTURE_NOW - HOUR : null, canUndo: i === 0,
  }));
}

/** The procedures of repricing for the pages' tests. */
export function repricingProcedures(os: ReturnType<typeof implement<typeof contract>>, given: { readonly empty: () => boolean; readonly gate: () => Promise<void> }) {
  let [value, version] = [SETTINGS, 1];
  return {
    settings: os.repricing.settings.handler(async () => {
      await given.gate();
      return { value, version, practice: true };
    }),
    saveSettings: os.repricing.saveSettings.handler(({ input }) => {
      [value, version] = [input.value, input.version + 1];
      return { value, version, practice: true };
    }),
    preview: os.repricing.preview.handler(() => (given.empty() ? { rows: [], checked: 0, more: false } : { rows: rows(), checked: rows().length, more: false })),
    decisions: os.repricing.decisions.handler(() => ({ items: given.empty() ? [] : decisions(), nextCursor: null })),
    undo: os.repricing.undo.handler(({ input }) => ({ ...decisions().find((decision) => decision.id === input.id)!, undoneAt: FIXTURE_NOW, canUndo: false })),
    pause: os.repricing.pause.handler(({ input }) => ({ pausedAt: input.paused ? FIXTURE_NOW : null })),
  };
}

import { scaleMinor } from '#kernel/money.ts';
import type { Instant } from '#kernel/time.ts';

/** Units of a product that came in, left, or came back, in order of time. Costs are minor units of one currency. */
export type StockFlow =
  | { readonly kind: 'in'; readonly at: Instant; readonly units: number; readonly cost: number; readonly lotId: string }
  /** `cost`: what the lot's own arithmetic takes out. */
  | { readonly kind: 'out'; readonly at: Instant; readonly units: number; readonly cost: number; readonly lotId: string; readonly why: 'sold' | 'written-off'; readonly ref: string }
  /** Comes back at what it left with under `ref`. */
  | { readonly kind: 'back'; readonly at: Instant; readonly units: number; readonly cost: number; readonly lotId: string; readonly ref: string }
  /** Between two lots of the product, signed: the product has neither more nor less. */
  | { readonly kind: 'move'; readonly at: Instant; readonly units: number; readonly cost: number; readonly lotId: string };

export interface CostLayer {
  readonly at: Instant;
  readonly lotId: string | null;
  readonly units: number;
  readonly cost: number;
}

export interface CostRun {
  readonly sold: number;
  readonly writtenOff: number;
  readonly layers: readonly CostLayer[];
}

interface Out { units: number; cost: number; readonly why: 'sold' | 'written-off'; readonly at: Instant }
/** Where units lie while the flows are gone through. */
interface Shelf {
  put(layer: CostLayer): void;
  putBack(layer: CostLayer): void;
  /** Takes units and answers what they cost. */
  take(units: number): number;
  layers(): readonly CostLayer[];
}

/** The oldest units leave first; what a layer's division leaves over goes with its last unit. */
function fifoShelf(): Shelf {
  const layers: CostLayer[] = [];
  return {
    put: (layer) => void layers.push(layer),
    // what left first was the oldest: it is again
    putBack: (layer) => void layers.unshift(layer),
    take(units) {
      let [left, cost] = [units, 0];
      while (left > 0 && layers.length > 0) {
        const head = layers[0]!;
        const taken = Math.min(left, head.units);
        const part = taken === head.units ? head.cost : scaleMinor(head.cost, taken, head.units, 'down');
        if (taken === head.units) layers.shift();
        else layers[0] = { ...head, units: head.units - taken, cost: head.cost - part };
        cost += part;
        left -= taken;
      }
      return cost;
    },
    layers: () => layers,
  };
}

/** One pool: each unit costs the mean of what is there; the last one takes the rest. */
function averageShelf(): Shelf {
  let pool: { at: Instant; units: number; cost: number } = { at: 0, units: 0, cost: 0 };
  const put = (layer: CostLayer) => { pool = { at: pool.units === 0 ? layer.at : pool.at, units: pool.units + layer.units, cost: pool.cost + layer.cost }; };
  return {
    put, putBack: put,
    take(units) {
      const taken = Math.min(units, pool.units);
      const part = taken === pool.units ? pool.cost : scaleMinor(pool.cost, taken, pool.units, 'down');
      pool = { ...pool, units: pool.units - taken, cost: pool.cost - part };
      return part;
    },
    layers: () => (pool.units === 0 ? [] : [{ ...pool, lotId: null }]),
  };
}

/** Cost of what left from `from` up to, without, `to`; what is left is that of `to`. Costs that came in are all in what left and what is left: none is lost or made. */
export function runCosts(flows: readonly StockFlow[], method: 'fifo' | 'average', range: { readonly from: Instant; readonly to: Instant }): CostRun {
  const shelf = method === 'fifo' ? fifoShelf() : averageShelf();
  const outs = new Map<string, Out>();
  const total = { sold: 0, 'written-off': 0 };
  for (const flow of flows) {
    if (flow.at >= range.to) break;
    const within = flow.at >= range.from;
    if (flow.kind === 'move') continue;
    if (flow.kind === 'in') shelf.put({ at: flow.at, lotId: flow.lotId, units: flow.units, cost: flow.cost });
    else if (flow.kind === 'out') {
      const cost = shelf.take(flow.units);
      const key = `${flow.lotId} ${flow.ref}`;
      const before = outs.get(key);
      outs.set(key, { units: (before?.units ?? 0) + flow.units, cost: (before?.cost ?? 0) + cost, why: flow.why, at: flow.at });
      if (within) total[flow.why] += cost;
    } else {
      const out = outs.get(`${flow.lotId} ${flow.ref}`);
      // never left by what is known: it comes in at what the lot says
      const cost = out && out.units > 0 ? (flow.units >= out.units ? out.cost : scaleMinor(out.cost, flow.units, out.units, 'down')) : flow.cost;
      if (out) Object.assign(out, { units: out.units - flow.units, cost: out.cost - cost });
      shelf.putBack({ at: out?.at ?? flow.at, lotId: flow.lotId, units: flow.units, cost });
      if (within && out) total[out.why] -= cost;
    }
  }
  return { sold: total.sold, writtenOff: total['written-off'], layers: shelf.layers() };
}

/** The same by the lots' own arithmetic, as the ledger is booked. */
export function runLots(flows: readonly StockFlow[], range: { readonly from: Instant; readonly to: Instant }): CostRun {
  const lots = new Map<string, { at: Instant; lotId: string; units: number; cost: number }>();
  const why = new Map<string, 'sold' | 'written-off'>();
  const total = { sold: 0, 'written-off': 0 };
  for (const flow of flows) {
    if (flow.at >= range.to) break;
    const sign = flow.kind === 'out' ? -1 : 1;
    const lot = lots.get(flow.lotId) ?? { at: flow.at, lotId: flow.lotId, units: 0, cost: 0 };
    lots.set(flow.lotId, { ...lot, units: lot.units + sign * flow.units, cost: lot.cost + sign * flow.cost });
    if (flow.kind === 'in' || flow.kind === 'move') continue;
    const key = `${flow.lotId} ${flow.ref}`;
    if (flow.kind === 'out') why.set(key, flow.why);
    const as = flow.kind === 'out' ? flow.why : why.get(key);
    if (as && flow.at >= range.from) total[as] -= sign * flow.cost;
  }
  return { sold: total.sold, writtenOff: total['written-off'], layers: [...lots.values()].filter((lot) => lot.units !== 0) };
}

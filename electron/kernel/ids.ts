import type { Clock } from './time.ts';
import type { Random } from './random.ts';

/** Prefixes of our own ids, one for each kind of thing. */
export const ID_PREFIXES = {
  aiCall: 'aic', approval: 'apr', arrival: 'arv', approvalCard: 'crd', customer: 'cst', dispute: 'dsp', event: 'evt', identity: 'idy', inboundShipment: 'ins', inboundLine: 'inl', job: 'job', ledgerEntry: 'led', listing: 'lst', listingSku: 'sku', message: 'msg', negotiation: 'neg', offer: 'off', opportunity: 'opp',
  order: 'ord', outbox: 'obx', payment: 'pay', payout: 'pyt', priceList: 'prl', product: 'prd', person: 'per', personChannel: 'chn', purchase: 'pur', purchaseOrder: 'pod', purchaseOrderLine: 'pol', purchaseOrderReceipt: 'por', quarantine: 'qtn', receipt: 'rct', refund: 'rfd', run: 'run', savedView: 'viw',
  seller: 'slr', source: 'src', stockCount: 'cnt', stockLot: 'lot', stockMovement: 'mov', ticket: 'tkt', unitLock: 'ulk', watch: 'wat', watchAlert: 'wal', workflow: 'wfl',
} as const;
export type IdKind = keyof typeof ID_PREFIXES;

/** Makes ids such as `opp_0192f3c4-…`: a prefix and a UUIDv7 (RFC 9562), ordered by time. */
export interface IdSource {
  next(kind: IdKind): string;
}

const hex = (value: number, digits: number) => value.toString(16).padStart(digits, '0');

/**
 * Ids whose order is the order of their making, also within one millisecond (a 12-bit counter sits in `rand_a`, RFC 9562 method 1).
 * A seeded `random` with a held clock gives the same ids on every run.
 */
export function createIdSource(clock: Clock, random: Random): IdSource {
  let lastMs = 0;
  let counter = 0;
  return {
    next(kind) {
      const now = clock.now();
      if (now > lastMs) {
        lastMs = now;
        counter = 0;
      } else if (++counter > 0xfff) {
        lastMs += 1;
        counter = 0;
      }
      const time = hex(lastMs, 12);
      const tail = hex(0x8000 | random.int(0x4000), 4);
      const node = hex(random.int(0x1000000), 6) + hex(random.int(0x1000000), 6);
      return `${ID_PREFIXES[kind]}_${time.slice(0, 8)}-${time.slice(8)}-7${hex(counter, 3)}-${tail}-${node}`;
    },
  };
}

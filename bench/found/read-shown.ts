import { z } from 'zod';
import { trueOffer } from '#practice/world/truth.ts';
import { FIRST_PRODUCT_ID } from '#practice/vendors/woocommerce/render-product.ts';
import { evaluationSchema, type Evaluation } from '#engine/opportunities/evaluation.ts';
import type { FoundDesk } from './open-world.ts';

/** One offer as the desk has it after a scan. Amounts per unit, in the home currency's minor units. */
export interface ShownOffer {
  readonly condition: string;
  /** An opportunity stands open on the desk. */
  readonly open: boolean;
  readonly decision: string;
  /** Whether the desk says that it would earn. */
  readonly verdict: string;
  /** It is the product that it is sold as. */
  readonly right: boolean;
  readonly category: string | null;
  readonly profitMinor: number;
  readonly unitCostMinor: number;
  readonly evaluation: Evaluation | null;
  /** Purchase units that the shown figures are for: what is proposed, or what the order's shipping was shared by. */
  readonly units: number;
  /** What stopped it, in the program's own codes. */
  readonly why: string;
}

interface Row {
  readonly externalId: string;
  readonly condition: string;
  readonly offerState: string;
  readonly screenReason: string | null;
  readonly decision: string | null;
  readonly verdict: string | null;
  readonly state: string | null;
  readonly asin: string | null;
  readonly category: string | null;
  readonly profitMinor: bigint | null;
  readonly unitCostMinor: bigint | null;
  readonly evaluation: string | null;
}

const screenReason = z.object({ code: z.string() });
const lotDetail = z.object({ lot: z.object({ minor: z.number() }) });

/** Units that an order's costs were spread over: the lot of goods by the unit's share of it. */
function unitsOf(evaluation: Evaluation): number {
  if (evaluation.purchaseUnits > 0) return evaluation.purchaseUnits;
  const goods = evaluation.costLines.find((line) => line.code === 'cost.goods');
  const lot = lotDetail.safeParse(goods?.detail).data?.lot.minor;
  return goods && lot && goods.amount.minor > 0 ? Math.max(1, Math.round(lot / goods.amount.minor)) : 1;
}

function whyOf(row: Row, evaluation: Evaluation | null): string {
  if (!evaluation || row.offerState !== 'evaluated') return `${row.offerState}: ${row.screenReason ? screenReason.parse(JSON.parse(row.screenReason)).code : ''}`;
  const against = evaluation.reasons.filter((r) => r.data['kind'] === 'block' || r.data['kind'] === 'against').map((r) => r.code);
  return `${row.decision ?? ''}: ${against.join('+')}`;
}

/** What the desk shows of a source, by the number that the shop gives the offer. */
export async function readShown({ world, runtime }: FoundDesk, outletId: string, sourceId: string): Promise<Map<number, ShownOffer>> {
  const rows = await runtime.context.db.prisma.$queryRawUnsafe<Row[]>(
    `SELECT o.externalId, o.condition, o.state AS offerState, o.screenReason, p.decision, p.verdict, p.state, r.asin, p.category, p.profitMinor, p.unitCostMinor, d.evaluation FROM "Offer" o LEFT JOIN "Opportunity" p ON p.offerId = o.id LEFT JOIN "OpportunityDetail" d ON d.opportunityId = p.id LEFT JOIN "Product" r ON r.id = p.productId WHERE o.sourceId = ?`, sourceId);
  return new Map(rows.map((row) => {
    const number = Number(row.externalId) - FIRST_PRODUCT_ID;
    const evaluation = row.evaluation ? evaluationSchema.parse(JSON.parse(row.evaluation)) : null;
    return [number, {
      condition: row.condition, open: row.state === 'open', decision: row.decision ?? '', verdict: row.verdict ?? '', right: row.asin === world.catalog.byId(trueOffer(world, outletId, number)!.productId).asin, category: row.category,
      profitMinor: Number(row.profitMinor ?? 0), unitCostMinor: Number(row.unitCostMinor ?? 0), evaluation, units: evaluation ? unitsOf(evaluation) : 1, why: whyOf(row, evaluation),
    }];
  }));
}

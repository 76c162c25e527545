import path from 'node:path';
import { implement } from '@orpc/server';
import { contract } from '#contract/index.ts';
import { createApprovalProcedures } from '#engine/flows/approvals/index.ts';
import { importFile, importStaged } from '#engine/flows/import-file.ts';
import { createNoticeProcedures } from '#engine/flows/notices/index.ts';
import { createPriceListProcedures } from '#engine/flows/price-lists/index.ts';
import { createFeesProcedures } from '#engine/flows/recompute-fees.ts';
import { assistCheckout, assistGoOn, assistNotPlaced, createHomeCurrencyProcedures, readReturned, recordOrder, recordReturn, recordReturnRefund } from '#engine/flows/index.ts';
import { createAssistantProcedures } from '#engine/assistant/index.ts';
import { createChargeProcedures } from '#engine/channel-charges/index.ts';
import { createCapitalProcedures } from '#engine/capital/index.ts';
import { createOpinionProcedures } from '#engine/opinions/index.ts';
import { createCostProcedures, createStockCountProcedures, createStockProcedures } from '#engine/inventory/index.ts';
import { createInboundProcedures } from '#engine/inbound-shipments/index.ts';
import { createLedgerProcedures, createTaxProcedures } from '#engine/ledger/index.ts';
import { createListingProcedures, createListingTextProcedures, createLotListings } from '#engine/listings/index.ts';
import { createAlertProcedures, createIdentityProcedures, createOpportunitiesProcedures, createScanProcedures, estimateScan, retireUnseen, type Approvals } from '#engine/opportunities/index.ts';
import { createOrderProcedures, createProfitReport } from '#engine/orders/index.ts';
import { createPaymentProcedures } from '#engine/payments/index.ts';
import { createPurchaseOrderProcedures } from '#engine/purchase-orders/index.ts';
import { approveOpportunity, createPurchaseProcedures, previewApproval, readSellerRisk, summarizeApprovals } from '#engine/purchasing/index.ts';
import { createReportProcedures, readTrades } from '#engine/reporting/index.ts';
import { createNegotiationProcedures } from '#engine/negotiation/index.ts';
import { createUnitLockProcedures } from '#engine/unit-locks/index.ts';
import { createReorderProcedures } from '#engine/reorder/index.ts';
import { createRepricingProcedures } from '#engine/repricing/index.ts';
import { createSettingsProcedures } from '#engine/settings/index.ts';
import { createSourcesProcedures } from '#engine/sources/index.ts';
import { eraseCustomer, exportCustomer } from '#engine/flows/customer-data.ts';
import { createOrderMessageProcedures, createSupportProcedures } from '#engine/support/index.ts';
import { createWatchProcedures } from '#engine/watch/index.ts';
import type { AppParts } from './parts.ts';
import { createWebhookProcedures } from './receive-webhook.ts';
import { purchaseOrdersDeps, stockWork } from './stock-work.ts';
import { createListingWriter } from './write-listing.ts';
import { createSystemProcedures } from './system-procedures.ts';

/** Whose consent an approval is: the desk's one user, until there are several. */
const PERSON = 'owner';

function approvalsOf({ ctx, trade }: AppParts): Approvals {
  return {
    approve: (input) => approveOpportunity(trade.purchasing, { ...input, approvedBy: PERSON }),
    preview: async (id, version, quantity) => {
      const { prisma } = ctx.db;
      return previewApproval(trade.purchasing, prisma, await trade.purchasing.gate.loadForApproval(prisma, id, version), quantity);
    },
    summary: async (items) => {
      const { prisma } = ctx.db;
      const candidates = [];
      for (const { id, version } of items) candidates.push(await trade.purchasing.gate.loadForApproval(prisma, id, version));
      return summarizeApprovals(trade.purchasing, prisma, candidates);
    },
    sellerRisk: (sourceId, sellerName) => readSellerRisk(ctx.db.prisma, sourceId, sellerName),
    trades: (productId) => readTrades(ctx.db, productId),
    purchaseOf: async (opportunityId) => (await ctx.db.prisma.purchase.findFirst({ where: { opportunityId }, orderBy: { createdAt: 'desc' }, select: { id: true } }))?.id ?? null,
  };
}

/** One router; every transport serves this. */
export function createRouter(parts: AppParts) {
  const { ctx, trade } = parts;
  return implement(contract).router({
    system: createSystemProcedures(ctx, parts.options, parts.killSwitch),
    settings: createSettingsProcedures(parts.settings),
    homeCurrency: createHomeCurrencyProcedures({ ctx, practice: parts.options.practice !== null }),
    sources: createSourcesProcedures(parts.sources, {
      cost: (sourceId) => estimateScan(parts.opportunities, sourceId), withdrawOffers: (tx, sourceId) => retireUnseen(tx, sourceId, Number.MAX_SAFE_INTEGER),
      importFile: (name, content) => importFile(parts.scan, parts.importsDir, { name, content }), importStaged: (name, staged) => importStaged(parts.scan, parts.importsDir, { name, staged }),
    }),
    scans: createScanProcedures({ ctx }),
    alerts: createAlertProcedures({ ctx }),
    fees: createFeesProcedures({ listings: trade.listings, opportunities: parts.opportunities }),
    priceLists: createPriceListProcedures(parts.priceLists),
    opportunities: createOpportunitiesProcedures(parts.opportunities, approvalsOf(parts)),
    identity: createIdentityProcedures(parts.opportunities),
    purchases: createPurchaseProcedures(trade.purchasing, { recordOrder: (input) => recordOrder(trade, input), assist: (input) => assistCheckout(trade, input), assistGoOn: (input) => assistGoOn(trade, input), assistNotPlaced: (input) => assistNotPlaced(trade, input), returned: (purchase) => readReturned(ctx.db.prisma, purchase), recordReturn: (input) => recordReturn(trade, input), recordReturnRefund: (input) => recordReturnRefund(trade, input) }, PERSON),
    inboundShipments: createInboundProcedures(parts.inbound, PERSON),
    channelCharges: createChargeProcedures(trade.orders, PERSON),
    purchaseOrders: createPurchaseOrderProcedures(purchaseOrdersDeps(parts), PERSON),
    assistant: createAssistantProcedures(parts.assistant, parts.assistant.assistant),
    capital: createCapitalProcedures({ ctx }),
    opinions: createOpinionProcedures({ ctx, assistant: parts.assistant.assistant }),
    approvals: createApprovalProcedures(parts.approvals, { personId: PERSON, channel: 'desktop' }),
    negotiations: createNegotiationProcedures(parts.negotiation, { buy: ({ opportunityId, ...input }) => approveOpportunity(trade.purchasing, { ...input, id: opportunityId, quantity: 1 }) }, PERSON),
    payments: createPaymentProcedures(parts.payments, PERSON),
    watches: createWatchProcedures(parts.watch),
    notices: createNoticeProcedures(parts.notices),
    webhooks: createWebhookProcedures(parts),
    support: createSupportProcedures(parts.support, { export: (id) => exportCustomer(ctx, id), erase: (id, by) => eraseCustomer(ctx, id, by) }, PERSON),
    orderMessages: createOrderMessageProcedures(parts.support, PERSON),
    stock: createStockProcedures({ ...trade.inventory, lotListings: createLotListings(ctx) }),
    costLayers: createCostProcedures(trade.inventory),
    stockCounts: createStockCountProcedures(trade.inventory, PERSON),
    listings: createListingProcedures(trade.listings),
    ...stockWork(parts),
    listingTexts: createListingTextProcedures({ listings: trade.listings, writer: createListingWriter(parts.assistant.assistant) }),
    unitLocks: createUnitLockProcedures({ ctx, listings: trade.listings }),
    repricing: createRepricingProcedures(parts.repricing),
    reorder: createReorderProcedures(parts.reorder),
    orders: createOrderProcedures(trade.orders),
    ledger: createLedgerProcedures({ ctx, reports: createProfitReport({ ctx }) }),
    salesTax: createTaxProcedures({ ctx }),
    reports: createReportProcedures({ ctx, exportsDir: path.join(parts.options.dataDir, 'exports') }),
  });
}

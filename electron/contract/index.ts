import { assistantContract } from './assistant.ts';
import { channelChargesContract } from './channel-charges.ts';
import { capitalContract } from './capital.ts';
import { opinionsContract } from './opinions.ts';
import { alertsContract } from './alerts.ts';
import { approvalsContract } from './approvals.ts';
import { feesContract } from './fees.ts';
import { opportunitiesContract } from './opportunities.ts';
import { priceListsContract } from './price-lists.ts';
import { negotiationsContract } from './negotiations.ts';
import { noticesContract } from './notices.ts';
import { orderMessagesContract } from './order-messages.ts';
import { paymentsContract } from './payments.ts';
import { inboundShipmentsContract } from './inbound-shipments.ts';
import { purchaseOrdersContract } from './purchase-orders.ts';
import { purchasesContract } from './purchases.ts';
import { reportsContract } from './reports.ts';
import { reorderContract } from './reorder.ts';
import { repricingContract } from './repricing.ts';
import { salesTaxContract } from './sales-tax.ts';
import { scansContract } from './scans.ts';
import { identityContract } from './identity.ts';
import { ledgerContract, listingsContract, ordersContract, stockContract } from './selling.ts';
import { unitLocksContract } from './unit-locks.ts';
import { homeCurrencyContract } from './home-currency.ts';
import { settingsContract } from './settings.ts';
import { costLayersContract } from './cost-layers.ts';
import { listingTextsContract } from './listing-texts.ts';
import { lotPhotosContract } from './lot-photos.ts';
import { stockByHandContract } from './stock-by-hand.ts';
import { stockCountsContract } from './stock-counts.ts';
import { sourcesContract } from './sources.ts';
import { supportContract } from './support.ts';
import { systemContract } from './system.ts';
import { watchesContract } from './watches.ts';
import { webhooksContract } from './webhooks.ts';

/** Everything that a window, the HTTP interface and the command line can ask of the engine. */
export const contract = {
  system: systemContract,
  settings: settingsContract,
  homeCurrency: homeCurrencyContract,
  sources: sourcesContract,
  scans: scansContract,
  alerts: alertsContract,
  fees: feesContract,
  priceLists: priceListsContract,
  opportunities: opportunitiesContract,
  identity: identityContract,
  purchases: purchasesContract,
  inboundShipments: inboundShipmentsContract,
  channelCharges: channelChargesContract,
  purchaseOrders: purchaseOrdersContract,
  negotiations: negotiationsContract,
  payments: paymentsContract,
  support: supportContract,
  approvals: approvalsContract,
  stock: stockContract,
  listings: listingsContract,
  listingTexts: listingTextsContract,
  lotPhotos: lotPhotosContract,
  stockByHand: stockByHandContract,
  stockCounts: stockCountsContract,
  costLayers: costLayersContract,
  unitLocks: unitLocksContract,
  repricing: repricingContract,
  reorder: reorderContract,
  orders: ordersContract,
  orderMessages: orderMessagesContract,
  ledger: ledgerContract,
  salesTax: salesTaxContract,
  reports: reportsContract,
  assistant: assistantContract,
  capital: capitalContract,
  opinions: opinionsContract,
  watches: watchesContract,
  notices: noticesContract,
  webhooks: webhooksContract,
};
export type Contract = typeof contract;

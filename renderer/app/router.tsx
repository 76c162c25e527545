import { createHashHistory, createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { listingSearch } from '../features/listings/search.ts';
import { inboundSearch } from '../features/inbound-shipments/search.ts';
import { countSearch } from '../features/counts/search.ts';
import { assistantSearch } from '../features/assistant/search.ts';
import { ledgerSearch } from '../features/ledger/search.ts';
import { approvalSearch } from '../features/approvals/search.ts';
import { opportunitySearch } from '../features/opportunities/search.ts';
import { orderSearch } from '../features/orders/search.ts';
import { talkSearch } from '../features/negotiations/search.ts';
import { planSearch } from '../features/plan/search.ts';
import { priceListSearch } from '../features/price-lists/search.ts';
import { paymentSearch } from '../features/payments/search.ts';
import { ticketSearch } from '../features/support/search.ts';
import { purchaseOrderSearch } from '../features/purchase-orders/search.ts';
import { purchaseSearch } from '../features/purchases/search.ts';
import { reportSearch } from '../features/reports/search.ts';
import { reorderSearch } from '../features/reorder/search.ts';
import { settingsSearch } from '../features/settings/search.ts';
import { sourceSearch } from '../features/sources/search.ts';
import { scanSearch } from '../features/scans/search.ts';
import { stockSearch } from '../features/stock/search.ts';
import { watchSearch } from '../features/watch/search.ts';
import { compact, textParam } from '../ui/search-params.ts';
import { Frame } from './frame.tsx';
import { NotFound, PageFailed, PagePending } from './page-states.tsx';

const root = createRootRoute();
const frame = createRoute({ getParentRoute: () => root, id: 'frame', component: Frame });
const parent = () => frame;

const today = createRoute({ getParentRoute: parent, path: '/', component: lazyRouteComponent(() => import('../features/today/today-page.tsx'), 'TodayPage') });
const opportunities = createRoute({ getParentRoute: parent, path: '/opportunities', validateSearch: opportunitySearch, component: lazyRouteComponent(() => import('../features/opportunities/opportunities-page.tsx'), 'OpportunitiesPage') });
const compare = createRoute({ getParentRoute: parent, path: '/compare', validateSearch: (raw: Record<string, unknown>) => compact({ ids: textParam(raw, 'ids') }), component: lazyRouteComponent(() => import('../features/opportunities/compare-page.tsx'), 'ComparePage') });
const product = createRoute({ getParentRoute: parent, path: '/product', validateSearch: (raw: Record<string, unknown>) => compact({ id: textParam(raw, 'id') }), component: lazyRouteComponent(() => import('../features/opportunities/product-page.tsx'), 'ProductPage') });
const scans = createRoute({ getParentRoute: parent, path: '/scans', validateSearch: scanSearch, component: lazyRouteComponent(() => import('../features/scans/scans-page.tsx'), 'ScansPage') });
const identify = createRoute({ getParentRoute: parent, path: '/identify', component: lazyRouteComponent(() => import('../features/identify/identify-page.tsx'), 'IdentifyPage') });
const approvals = createRoute({ getParentRoute: parent, path: '/approvals', validateSearch: approvalSearch, component: lazyRouteComponent(() => import('../features/approvals/approvals-page.tsx'), 'ApprovalsPage') });
const fees = createRoute({ getParentRoute: parent, path: '/fees', component: lazyRouteComponent(() => import('../features/fees/fees-page.tsx'), 'FeesPage') });
const purchases = createRoute({ getParentRoute: parent, path: '/purchases', validateSearch: purchaseSearch, component: lazyRouteComponent(() => import('../features/purchases/purchases-page.tsx'), 'PurchasesPage') });
const purchaseOrders = createRoute({ getParentRoute: parent, path: '/purchase-orders', validateSearch: purchaseOrderSearch, component: lazyRouteComponent(() => import('../features/purchase-orders/orders-page.tsx'), 'PurchaseOrdersPage') });
const counts = createRoute({ getParentRoute: parent, path: '/counts', validateSearch: countSearch, component: lazyRouteComponent(() => import('../features/counts/counts-page.tsx'), 'CountsPage') });
const inbound = createRoute({ getParentRoute: parent, path: '/inbound', validateSearch: inboundSearch, component: lazyRouteComponent(() => import('../features/inbound-shipments/inbound-page.tsx'), 'InboundPage') });
const reorder = createRoute({ getParentRoute: parent, path: '/reorder', validateSearch: reorderSearch, component: lazyRouteComponent(() => import('../features/reorder/reorder-page.tsx'), 'ReorderPage') });
const negotiations = createRoute({ getParentRoute: parent, path: '/negotiations', validateSearch: talkSearch, component: lazyRouteComponent(() => import('../features/negotiations/negotiations-page.tsx'), 'NegotiationsPage') });
const stock = createRoute({ getParentRoute: parent, path: '/stock', validateSearch: stockSearch, component: lazyRouteComponent(() => import('../features/stock/stock-page.tsx'), 'StockPage') });
const listings = createRoute({ getParentRoute: parent, path: '/listings', validateSearch: listingSearch, component: lazyRouteComponent(() => import('../features/listings/listings-page.tsx'), 'ListingsPage') });
const repricing = createRoute({ getParentRoute: parent, path: '/repricing', component: lazyRouteComponent(() => import('../features/repricing/repricing-page.tsx'), 'RepricingPage') });
const watch = createRoute({ getParentRoute: parent, path: '/watch', validateSearch: watchSearch, component: lazyRouteComponent(() => import('../features/watch/watch-page.tsx'), 'WatchPage') });
const orders = createRoute({ getParentRoute: parent, path: '/orders', validateSearch: orderSearch, component: lazyRouteComponent(() => import('../features/orders/orders-page.tsx'), 'OrdersPage') });
const payments = createRoute({ getParentRoute: parent, path: '/payments', validateSearch: paymentSearch, component: lazyRouteComponent(() => import('../features/payments/payments-page.tsx'), 'PaymentsPage') });
const support = createRoute({ getParentRoute: parent, path: '/support', validateSearch: ticketSearch, component: lazyRouteComponent(() => import('../features/support/support-page.tsx'), 'SupportPage') });
const ledger = createRoute({ getParentRoute: parent, path: '/ledger', validateSearch: ledgerSearch, component: lazyRouteComponent(() => import('../features/ledger/ledger-page.tsx'), 'LedgerPage') });
const reports = createRoute({ getParentRoute: parent, path: '/reports', validateSearch: reportSearch, component: lazyRouteComponent(() => import('../features/reports/reports-page.tsx'), 'ReportsPage') });
const sources = createRoute({ getParentRoute: parent, path: '/sources', validateSearch: sourceSearch, component: lazyRouteComponent(() => import('../features/sources/sources-page.tsx'), 'SourcesPage') });
const priceLists = createRoute({ getParentRoute: parent, path: '/price-lists', validateSearch: priceListSearch, component: lazyRouteComponent(() => import('../features/price-lists/price-lists-page.tsx'), 'PriceListsPage') });
const settings = createRoute({ getParentRoute: parent, path: '/settings', validateSearch: settingsSearch, component: lazyRouteComponent(() => import('../features/settings/settings-page.tsx'), 'SettingsPage') });
const plan = createRoute({ getParentRoute: parent, path: '/plan', validateSearch: planSearch, component: lazyRouteComponent(() => import('../features/plan/plan-page.tsx'), 'PlanPage') });
const ai = createRoute({ getParentRoute: parent, path: '/ai', validateSearch: assistantSearch, component: lazyRouteComponent(() => import('../features/assistant/assistant-page.tsx'), 'AssistantPage') });
const welcome = createRoute({ getParentRoute: () => root, path: '/welcome', component: lazyRouteComponent(() => import('../features/first-run/first-run-page.tsx'), 'FirstRunPage') });
/** The parts of the desk in all their states; built for development and tests only. */
const withGallery = import.meta.env.DEV || import.meta.env.MODE === 'test';
const gallery = createRoute({ getParentRoute: parent, path: '/gallery', component: withGallery ? lazyRouteComponent(() => import('./gallery/gallery-page.tsx'), 'GalleryPage') : NotFound });

const routeTree = root.addChildren([frame.addChildren([today, opportunities, identify, approvals, compare, product, scans, fees, purchases, purchaseOrders, counts, inbound, reorder, negotiations, stock, listings, repricing, watch, orders, support, payments, reports, ledger, sources, priceLists, settings, plan, ai, gallery]), welcome]);

/** Addresses live behind the hash: the same bundle answers from a file, from any path of a host, and a reload needs no rule on the server. */
export const router = createRouter({
  routeTree, history: createHashHistory(), defaultPreload: 'intent', defaultNotFoundComponent: NotFound, defaultErrorComponent: PageFailed, defaultPendingComponent: PagePending, defaultPendingMs: 150,
});

declare module '@tanstack/react-router' {
  interface Register { router: typeof router }
}

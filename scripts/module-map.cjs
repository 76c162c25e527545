// Who may import whom: the one place. `.dependency-cruiser.cjs` turns it into rules; a change here needs a reason in its commit.

/** Engine modules, and the modules whose `index.ts` each may import. Leaves import none. The map is acyclic (a test proves it). */
const MODULE_MAP = {
  pricing: [],
  forecast: [],
  brands: [],
  suppliers: ['sources'], // a supplier's list is a source of offers
  team: [],
  notifications: [],
  settings: [],
  sources: [],
  assistant: ['settings'], // budget, model and kill switch are settings
  ledger: [],
  catalog: ['brands'],
  rivals: ['catalog'],
  'site-monitors': ['catalog'],
  opportunities: ['catalog', 'pricing', 'rivals', 'sources', 'settings'],
  opinions: ['assistant', 'opportunities', 'catalog'], // what a model is shown of an opportunity
  negotiation: ['opportunities', 'suppliers', 'settings'], // who writes, and the kill switch
  'receipt-reading': [], // words of a document become proposals
  purchasing: ['opportunities', 'suppliers', 'ledger', 'settings', 'negotiation', 'team', 'receipt-reading'], // who consents is a person of the team
  inventory: ['catalog', 'ledger', 'settings'],
  'purchase-orders': ['catalog', 'inventory', 'ledger', 'purchasing', 'settings', 'suppliers'], // what arrives becomes lots and entries; documents are archived as receipts are
  photos: ['inventory'], // pictures are of a lot
  listings: ['inventory', 'pricing', 'ledger', 'settings'],
  'inbound-shipments': ['inventory', 'listings', 'ledger', 'settings'], // lots go into a channel's warehouse, where they are listed; freight is part of their cost
  repricing: ['listings', 'inventory', 'pricing', 'settings'], // moves the prices of listings; floors are theirs
  customers: [], // who bought or wrote: sealed, and found by marks
  orders: ['customers', 'listings', 'inventory', 'ledger', 'pricing', 'settings'],
  'channel-charges': ['orders', 'inbound-shipments', 'inventory', 'ledger', 'settings'], // what a channel takes beside orders joins the shipment that it is for, and the cost of its units
  'unit-locks': ['inventory', 'listings', 'orders'], // a sale anywhere is told to the listings elsewhere
  watch: ['catalog', 'sources', 'pricing', 'listings'], // what a thing is, where a shop is now, how a price moves, and what we ask for the same
  payments: ['customers', 'orders', 'inventory', 'ledger'], // a direct sale is an order that takes stock
  support: ['customers', 'orders', 'negotiation', 'settings'], // whose order, which texts are a seller's, hours and switches
};

/** May import every module's `index.ts`: processes that span modules, and figures over all of them. */
const SPANNING = ['reporting', 'flows', 'capital', 'reorder'];

/** Layers outside the modules: folder → folders that it may import beside itself. Regular expressions over paths from the project's root. */
const LAYERS = {
  'electron/kernel': [],
  'electron/contract': ['electron/kernel/'],
  'electron/runtime': ['electron/kernel/'],
  'electron/connectors': ['electron/kernel/', 'electron/engine/[^/]+/ports\\.ts$'],
  scrapers: ['electron/kernel/', 'electron/engine/[^/]+/ports\\.ts$'],
  practice: ['electron/kernel/'],
  renderer: ['electron/contract/', 'electron/kernel/'],
  // the practice market is started beside the engine, which itself knows nothing of it
  'electron/app': ['electron/(kernel|contract|runtime|engine|connectors)/', 'scrapers/', 'practice/(market|credentials|world/truth)\\.ts$'],
  'electron/shell': ['electron/(app|contract|kernel)/'],
  'electron/headless': ['electron/(app|contract|kernel)/'],
};

module.exports = { MODULE_MAP, SPANNING, LAYERS };

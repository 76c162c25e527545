/** What the desk offers to choose from, and limits that it keeps to; apart from the schemas, which a window must not load: their library probes for code generation, which the window's policy refuses. */
export const COLUMN_ROLES = ['id', 'asin', 'mpn', 'title', 'brand', 'category', 'cost', 'pack', 'case', 'quantity', 'minimumOrder', 'map', 'retail', 'currency', 'tax'] as const;
export const LIST_ENCODINGS = ['utf-8', 'utf-16le', 'utf-16be', 'windows-1252', 'windows-1256'] as const;
export const LIST_DELIMITERS = [',', ';', '\t', '|'] as const;
/** Who said what a row of a price list sells for: own sales, an earlier scan's estimate, the market, a public file of card prices, or the list's own retail price. */
export const PRICE_ORIGINS = ['own-sales', 'scan', 'market', 'cards', 'list'] as const;
export const ROW_FILTERS = ['all', 'profitable', 'not-found', 'repaired', 'new', 'dearer', 'cheaper', 'asked'] as const;
/** Of a file's bytes in one request; the body may have 1 MiB with the encoding. */
export const PIECE_BYTES = 512 * 1_024;
/** What a list can be sorted by; with `-` in front, the other way round. */
export const LIST_SORTS = {
  purchases: ['created', 'title', 'state', 'units', 'total', 'home', 'source', 'external', 'received'],
  stock: ['created', 'title', 'sku', 'state', 'onhand', 'cost', 'value', 'age', 'location', 'condition'],
  listings: ['created', 'title', 'state', 'price', 'floor', 'quantity', 'channel', 'updated', 'sku', 'external'],
  orders: ['placed', 'title', 'state', 'units', 'total', 'fees', 'profit', 'estimate', 'channel', 'external'],
  watches: ['added', 'title', 'price', 'change', 'sellers', 'checked'],
  ledger: ['at', 'memo', 'kind', 'amount'],
  support: ['opened', 'due', 'state', 'intent', 'channel', 'written', 'urgency'],
  payments: ['created', 'description', 'state', 'amount', 'fee', 'refunded', 'provider', 'paid'],
  negotiations: ['started', 'title', 'state', 'seller', 'channel', 'asked', 'agreed', 'ceiling', 'next', 'updated'],
  'purchase-orders': ['created', 'number', 'supplier', 'state', 'units', 'total', 'owed', 'sent', 'expected'],
  inbound: ['created', 'number', 'state', 'units', 'received', 'agreed', 'sent'],
  'price-lists': ['opened', 'supplier', 'file', 'stage', 'rows', 'promising', 'asked'],
  counts: ['created', 'name', 'state', 'counted', 'difference', 'place', 'booked'],
} as const;
/** What a list can be narrowed by beside its state, its text, a time and an amount. */
export const LIST_CHOICES = {
  purchases: ['source', 'category'],
  stock: ['location', 'condition', 'category', 'source'],
  listings: ['channel', 'category'],
  orders: ['channel', 'category', 'source'],
  watches: ['source'],
  ledger: ['account', 'kind'],
  support: ['channel', 'language'],
  payments: ['provider'],
  negotiations: ['channel', 'source'],
  'purchase-orders': ['supplier'],
  inbound: ['channel'],
  'price-lists': ['supplier'],
} as const;
export type FilteredList = keyof typeof LIST_CHOICES;
export const REPRICE_STRATEGIES = ['optimise', 'match-lowest', 'undercut', 'buy-box', 'fixed-margin'] as const;
export type RepriceStrategy = (typeof REPRICE_STRATEGIES)[number];
export const HAND_CONDITIONS = ['new', 'open-box', 'refurbished', 'used-like-new', 'used-very-good', 'used-good', 'used-acceptable', 'for-parts'] as const;
/** What a report's figures are split by. */
export const REPORT_BY = ['month', 'channel', 'category', 'source', 'item', 'day'] as const;
export type ReportBy = (typeof REPORT_BY)[number];

import type { OrdersDeps } from '../orders/index.ts';

export type ChargesDeps = Pick<OrdersDeps, 'ctx' | 'inventory' | 'sources'>;

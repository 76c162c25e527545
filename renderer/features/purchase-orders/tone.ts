import type { PurchaseOrderRow } from '#contract/purchase-orders.ts';
import type { StatusTone } from '../../ui/status-badge.tsx';

export const ORDER_TONES: Readonly<Record<PurchaseOrderRow['state'], StatusTone>> = { draft: 'attention', sent: 'running', 'partly-received': 'running', received: 'done', closed: 'ended', cancelled: 'ended' };

import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { InboundDetail } from '#contract/inbound-shipments.ts';
import { orpc } from '../../rpc/client.ts';
import { notifyError } from '../../ui/notify.tsx';

/** What every step of a shipment does when it is through: the shipment is shown as it is now, and what hangs on it is asked for again. */
export function useStep() {
  const { t } = useTranslation();
  const queries = useQueryClient();
  return {
    onSuccess: (now: InboundDetail) => queries.setQueryData(orpc.inboundShipments.get.queryKey({ input: { id: now.id } }), now),
    onError: (error: unknown) => notifyError(error, t),
    onSettled: () => { for (const area of [orpc.inboundShipments, orpc.stock, orpc.listings, orpc.ledger]) void queries.invalidateQueries({ queryKey: area.key() }); },
  };
}

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { ReadingProgress } from '#contract/receipt-reading.ts';
import { client, orpc } from '../../rpc/client.ts';
import { uploadFile } from './receipt-files.ts';

const LOOK_AGAIN_MS = 400;

export interface ReceiptInHand {
  /** The document that was sent: what is recorded takes it along. */
  readonly sent: { readonly upload: string; readonly name: string } | null;
  readonly progress: ReadingProgress | null;
  readonly isBusy: boolean;
  /** Why it could not even be sent. */
  readonly error: Error | null;
  take(file: File): void;
  /** Ends the reading; the document stays to be attached. */
  stop(): void;
  /** Away with it. */
  clear(): void;
}

/** Sends a document and follows its reading. Closing the window of it changes nothing: nothing is recorded before a person says so. */
export function useReceiptReading(purchaseId: string): ReceiptInHand {
  const queries = useQueryClient();
  const [sent, setSent] = useState<ReceiptInHand['sent']>(null);
  const take = useMutation({
    mutationFn: async (file: File) => {
      const upload = await uploadFile(file);
      await client.purchases.startReading({ id: purchaseId, upload });
      return { upload, name: file.name };
    },
    onMutate: () => setSent(null), onSuccess: setSent,
  });
  const look = orpc.purchases.reading.queryOptions({ input: { upload: sent?.upload ?? '' } });
  const reading = useQuery({ ...look, enabled: sent !== null, refetchInterval: ({ state }) => (state.data?.state === 'reading' ? LOOK_AGAIN_MS : false) });
  const stop = useMutation({ mutationFn: (upload: string) => client.purchases.cancelReading({ upload }), onSuccess: (progress) => queries.setQueryData(look.queryKey, progress) });
  const progress = sent ? (reading.data ?? null) : null;
  return {
    sent, progress, isBusy: take.isPending || (sent !== null && (progress === null || progress.state === 'reading') && reading.error === null), error: take.error ?? reading.error,
    take: (file) => take.mutate(file), stop: () => { if (sent) stop.mutate(sent.upload); },
    clear: () => { if (sent && progress?.state === 'reading') stop.mutate(sent.upload); take.reset(); setSent(null); },
  };
}

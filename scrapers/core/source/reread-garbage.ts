import { isConnectorError } from '#kernel/errors.ts';
import { SECOND_MS, type Clock } from '#kernel/time.ts';

const TIMES = 3;

/**
 * Reads again when an answer was garbage (`Critical`: cut off, or another shape): a proxy or a restart in between spoils one answer, a changed
 * protocol spoils all. After the third the error stands. Only for reads.
 */
export async function rereadGarbage<T>(read: () => Promise<T>, { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal }): Promise<T> {
  for (let n = 1; ; n++) {
    try {
      return await read();
    } catch (error) {
      if (n >= TIMES || !isConnectorError(error, 'Critical')) throw error;
      await clock.sleep(n * SECOND_MS, signal);
    }
  }
}

import { ConnectorError, isConnectorError } from '#kernel/errors.ts';

/**
 * For calls that move money under a key. A provider knows keys for a while only (Stripe for a day, PayPal for hours to weeks), and the next try may come after that: a call that failed on its way, although its repeat
 * would do no harm now, is told as of unknown outcome, so that the provider's records are asked first.
 */
export async function askFirst<Made>(call: Promise<Made>): Promise<Made> {
  try {
    return await call;
  } catch (error) {
    throw isConnectorError(error, 'Retryable') ? new ConnectorError({ ...error.detail, kind: 'OutcomeUnknown' }, error) : error;
  }
}

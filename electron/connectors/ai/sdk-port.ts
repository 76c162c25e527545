/** A language model behind a vendor's SDK: what both SDKs have in common, which is all but the words of the protocol. */
import type { LanguageModelPort, ModelAnswer, ModelRequest } from '#engine/assistant/ports.ts';
import { ConnectorError, messageOf } from '#kernel/errors.ts';
import type { Random } from '#kernel/random.ts';
import type { Clock } from '#kernel/time.ts';
import { classifyFailure, tryAgain } from './try-again.ts';

type Thrown<T> = abstract new (...given: never[]) => T;
interface SaidError {
  readonly status: unknown;
  readonly headers: unknown;
  readonly message: string;
}

export interface SdkVendor<Client, SdkError extends SaidError> {
  readonly clock: Clock;
  readonly random: Random;
  readonly vendor: LanguageModelPort['vendor'];
  readonly local: boolean;
  /** The classes of errors that the SDK throws. */
  readonly errors: { readonly APIError: Thrown<SdkError>; readonly APIConnectionError: Thrown<unknown>; readonly APIConnectionTimeoutError: Thrown<unknown>; readonly APIUserAbortError: Thrown<unknown> };
  /** The vendor's own words in an error. */
  said(error: SdkError): { readonly code?: string | null | undefined; readonly message?: string | undefined };
  /** Made for each call: the key may be another by then. It tries nothing again by itself. */
  client(timeoutMs: number): Promise<Client>;
  ask(client: Client, request: ModelRequest, signal: AbortSignal): Promise<ModelAnswer>;
  /** One harmless call that proves the key. */
  list(client: Client): Promise<unknown>;
}

const CHECK_MS = 15_000;
const SILENT = { status: undefined, code: undefined, message: '', headers: undefined } as const;

export function createSdkPort<Client, SdkError extends SaidError>(given: SdkVendor<Client, SdkError>): LanguageModelPort {
  const { clock, random, vendor, local, errors } = given;
  const failureOf = (error: unknown, operation: string): ConnectorError => {
    if (error instanceof ConnectorError) return error;
    const context = { connector: vendor, operation, now: clock.now() };
    if (error instanceof errors.APIConnectionTimeoutError || error instanceof errors.APIUserAbortError) return classifyFailure({ ...SILENT, timedOut: true, unreachable: false }, context, error);
    if (error instanceof errors.APIConnectionError) return classifyFailure({ ...SILENT, timedOut: false, unreachable: true }, context, error);
    if (!(error instanceof errors.APIError)) return new ConnectorError({ kind: 'Critical', connector: vendor, operation, message: messageOf(error) }, error);
    const said = given.said(error);
    return classifyFailure({ status: error.status as number | undefined, code: said.code ?? undefined, message: said.message ?? error.message, headers: error.headers as Headers | undefined, timedOut: false, unreachable: false }, context, error);
  };
  const orFailure = <T>(operation: string, made: () => Promise<T>): Promise<T> => made().catch((error: unknown) => { throw failureOf(error, operation); });
  return {
    vendor, local,
    complete: (request) => tryAgain({ clock, random, timeoutMs: request.timeoutMs, signal: request.signal }, (remainingMs) =>
      orFailure('ask', async () => given.ask(await given.client(remainingMs), request, AbortSignal.any([AbortSignal.timeout(remainingMs), ...(request.signal ? [request.signal] : [])])))),
    check: () => orFailure('list models', async () => void (await given.list(await given.client(CHECK_MS)))),
  };
}

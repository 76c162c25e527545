/** Structured log: an event in words, and fields. Field names that can hold a secret are masked before a line leaves the process. */
export interface Logger {
  debug(event: string, fields?: LogFields): void;
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
  child(fields: LogFields): Logger;
}
export type LogFields = Readonly<Record<string, unknown>>;

const SECRET_NAME = /(secret|token|password|passphrase|authorization|cookie|api[-_]?key|credential|signature|^key$)/i;
const MASK = '[masked]';

/** A copy with every field masked whose name says that it holds a secret, at any depth (8 levels; deeper is cut). */
export function maskSecrets(value: unknown, depth = 0): unknown {
  if (depth > 8) return '[deep]';
  if (value instanceof Error) {
    return { name: value.name, message: maskText(value.message), stack: value.stack && maskText(value.stack), ...(value.cause === undefined ? {} : { cause: maskSecrets(value.cause, depth + 1) }) };
  }
  if (typeof value === 'string') return maskText(value);
  if (Array.isArray(value)) return value.map((item) => maskSecrets(item, depth + 1));
  if (value === null || typeof value !== 'object') return typeof value === 'bigint' ? value.toString() : value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, SECRET_NAME.test(name) ? MASK : maskSecrets(inner, depth + 1)]));
}

/** Masks secrets that ride in text: query parameters, bearer and basic tokens. */
export function maskText(text: string): string {
  return text
    .replace(/([?&](?:key|token|access_token|api_key|apikey|secret|password|client_secret|refresh_token|signature)=)[^&\s"']+/gi, `$1${MASK}`)
    .replace(/\b(Bearer|Basic)\s+[A-Za-z0-9._~+/=|-]{6,}/g, `$1 ${MASK}`);
}

export const silentLogger: Logger = { debug() {}, info() {}, warn() {}, error() {}, child: () => silentLogger };

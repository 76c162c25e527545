import { maskText } from '#kernel/log.ts';

const SECRET_FIELD = /(secret|token|password|authorization|api[-_]?key|signature|^key$)/i;

/** Values of fields whose name says that they hold a secret. */
export function secretsIn(...fieldSets: (Readonly<Record<string, unknown>> | undefined)[]): string[] {
  const found: string[] = [];
  for (const fields of fieldSets) {
    for (const [name, value] of Object.entries(fields ?? {})) {
      if (typeof value !== 'string' || !SECRET_FIELD.test(name)) continue;
      found.push(value);
      const bare = /^(?:Bearer|Basic)\s+(.+)$/i.exec(value)?.[1];
      if (bare) found.push(bare);
    }
  }
  return found.filter((secret) => secret.length >= 6);
}

/** The start of an answer, fit to be kept and shown: secrets that we sent, and fields that hold new ones, are masked. */
export function maskEvidence(text: string, secrets: readonly string[]): string {
  let out = text.slice(0, 4_000);
  for (const secret of secrets) out = out.replaceAll(secret, '[masked]');
  out = out.replace(/("(?:[a-z_]*token|[a-z_]*secret|password)"\s*:\s*")[^"]*/gi, '$1[masked]');
  return maskText(out).slice(0, 2_000);
}

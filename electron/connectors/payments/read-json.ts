/** JSON of a notice; null for bytes that are none, which no shape allows. */
export function parsedOrNull(raw: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(raw).toString('utf8'));
  } catch {
    return null;
  }
}

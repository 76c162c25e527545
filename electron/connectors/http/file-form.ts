const BOUNDARY = 'resale-desk-9f3c1e7a54d24b0b';

/** A multipart form with fields and one file, as it goes out. The boundary is fixed, so that the same picture is the same bytes. */
export function fileForm(fields: Readonly<Record<string, string>>, file: { readonly field: string; readonly name: string; readonly type: string; readonly bytes: Uint8Array }): { readonly type: string; readonly body: Uint8Array } {
  const head = Object.entries(fields).map(([name, value]) => `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`).join('') + `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${file.field}"; filename="${file.name}"\r\nContent-Type: ${file.type}\r\n\r\n`;
  return { type: `multipart/form-data; boundary=${BOUNDARY}`, body: Buffer.concat([Buffer.from(head), file.bytes, Buffer.from(`\r\n--${BOUNDARY}--\r\n`)]) };
}

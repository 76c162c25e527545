import { client } from '../../rpc/client.ts';

/** Below what the engine takes in one message. */
const PIECE_BYTES = 480_000;

function toBase64(bytes: Uint8Array): string {
  let binary = '';
  for (let at = 0; at < bytes.length; at += 0x8000) binary += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(binary);
}

/** Sends a file in pieces. @returns its upload */
export async function uploadFile(file: File): Promise<string> {
  const { upload } = await client.purchases.beginReceipt({ bytes: file.size });
  for (let at = 0; at < file.size; at += PIECE_BYTES) await client.purchases.appendReceipt({ upload, at, contentBase64: toBase64(new Uint8Array(await file.slice(at, at + PIECE_BYTES).arrayBuffer())) });
  return upload;
}

/** Sends a file and attaches it. */
export async function attachFile(purchaseId: string, file: File, says: string): Promise<void> {
  const upload = await uploadFile(file);
  await client.purchases.attachReceipt({ id: purchaseId, upload, name: file.name, ...(says.trim() ? { says: says.trim() } : {}) });
}

/** Fetches a receipt piece by piece and saves it as a file. It is never opened in the desk's own page: what came from outside must not run there. */
export async function saveReceipt({ id, name, bytes }: { readonly id: string; readonly name: string; readonly bytes: number }): Promise<void> {
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  for (let at = 0; at < bytes;) {
    const { contentBase64 } = await client.purchases.readReceipt({ id, at });
    const piece = Uint8Array.from(atob(contentBase64), (c) => c.charCodeAt(0));
    if (piece.length === 0) break;
    pieces.push(piece);
    at += piece.length;
  }
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob(pieces, { type: 'application/octet-stream' }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

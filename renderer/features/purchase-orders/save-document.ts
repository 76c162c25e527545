import { client } from '../../rpc/client.ts';

/** Hands the document to the person as a file, for them to send. */
export async function saveDocument(id: string, format: 'html' | 'pdf' | 'csv'): Promise<string> {
  const { name, mediaType, contentBase64 } = await client.purchaseOrders.document({ id, format });
  const bytes = Uint8Array.from(atob(contentBase64), (sign) => sign.charCodeAt(0));
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([bytes], { type: mediaType === 'text/html' ? 'application/octet-stream' : mediaType }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  return name;
}

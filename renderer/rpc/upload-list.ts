import { useQueryClient } from '@tanstack/react-query';
import { useState, type DragEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { PIECE_BYTES } from '#contract/words.ts';
import { client, orpc } from './client.ts';
import { notifyError } from '../ui/notify.tsx';

function toBase64(bytes: Uint8Array): string {
  let binary = '';
  for (let at = 0; at < bytes.length; at += 0x8000) binary += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(binary);
}

async function send(file: File, told: (share: number) => void): Promise<string> {
  const { upload } = await client.priceLists.begin({ name: file.name, bytes: file.size });
  for (let at = 0; at < file.size; at += PIECE_BYTES) {
    await client.priceLists.append({ upload, at, contentBase64: toBase64(new Uint8Array(await file.slice(at, at + PIECE_BYTES).arrayBuffer())) });
    told(Math.min(1, (at + PIECE_BYTES) / file.size));
  }
  return (await client.priceLists.open({ upload, name: file.name })).id;
}

const hasFiles = (event: DragEvent) => event.dataTransfer.types.includes('Files');

/** A file by field or drop, sent in pieces; `onOpened` with the new list. */
export function useUpload(onOpened: (id: string) => void) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [over, setOver] = useState(false);
  const [sending, setSending] = useState<{ readonly name: string; readonly share: number } | null>(null);
  const [failure, setFailure] = useState<unknown>(null);
  const take = (files: FileList | null) => {
    const file = files?.[0];
    if (!file || sending) return;
    setFailure(null);
    setSending({ name: file.name, share: 0 });
    send(file, (share) => setSending({ name: file.name, share })).then((id) => onOpened(id), (error: unknown) => { setFailure(error); notifyError(error, t); }).finally(() => { setSending(null); void queries.invalidateQueries({ queryKey: orpc.priceLists.key() }); });
  };
  const drop = {
    onDragOver: (event: DragEvent) => { if (hasFiles(event)) { event.preventDefault(); setOver(true); } },
    onDragLeave: (event: DragEvent) => { if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOver(false); },
    onDrop: (event: DragEvent) => { if (hasFiles(event)) { event.preventDefault(); setOver(false); take(event.dataTransfer.files); } },
  };
  return { take, drop, over, sending, failure };
}

/** Fetches an export piece by piece and saves it under its name. */
export async function saveExport({ file, name, bytes }: { readonly file: string; readonly name: string; readonly bytes: number }): Promise<void> {
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  for (let at = 0; at < bytes;) {
    const { contentBase64 } = await client.priceLists.exported({ file, at });
    const piece = Uint8Array.from(atob(contentBase64), (c) => c.charCodeAt(0));
    if (piece.length === 0) break;
    pieces.push(piece);
    at += piece.length;
  }
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob(pieces));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type DragEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { orpc } from '../../rpc/client.ts';
import { useFormat } from '../../ui/format.ts';
import { notify, notifyError } from '../../ui/notify.tsx';

/** What a window may send at once; larger lists are read by path from the command line. */
export const LARGEST_FILE_BYTES = 700 * 1_024;

async function toBase64(file: File): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let binary = '';
  for (let at = 0; at < bytes.length; at += 0x8000) binary += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(binary);
}

const hasFiles = (event: DragEvent) => event.dataTransfer.types.includes('Files');

/** Supplier price lists by file field or drop. */
export function useImport() {
  const { t } = useTranslation();
  const format = useFormat();
  const queries = useQueryClient();
  const [over, setOver] = useState(false);
  const send = useMutation(orpc.sources.importFile.mutationOptions({
    onSuccess: () => notify({ message: t('sources:import-started') }),
    onError: (error) => notifyError(error, t),
    onSettled: () => { void queries.invalidateQueries({ queryKey: orpc.sources.key() }); void queries.invalidateQueries({ queryKey: orpc.system.jobs.key() }); },
  }));
  const take = (files: FileList | null) => {
    const file = files?.[0];
    if (!file) return;
    if (file.size === 0) return notify({ message: t('sources:import-empty', { name: file.name }) });
    if (file.size > LARGEST_FILE_BYTES) return notify({ message: t('sources:import-too-large', { name: file.name, size: format.number(file.size / 1_048_576, 1), limit: format.number(LARGEST_FILE_BYTES / 1_024) }), closeMs: 20_000 });
    toBase64(file).then((contentBase64) => send.mutate({ name: file.name, contentBase64 }), (error: unknown) => notifyError(error, t));
  };
  const drop = {
    onDragOver: (event: DragEvent) => { if (hasFiles(event)) { event.preventDefault(); setOver(true); } },
    onDragLeave: (event: DragEvent) => { if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOver(false); },
    onDrop: (event: DragEvent) => { if (hasFiles(event)) { event.preventDefault(); setOver(false); take(event.dataTransfer.files); } },
  };
  return { take, drop, over };
}

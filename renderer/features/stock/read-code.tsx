import { Button, TextInput } from '@mantine/core';
import { IconCamera, IconPhoto } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useRef, useState, type DragEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { CodeFound } from '#contract/stock-by-hand.ts';
import { client } from '../../rpc/client.ts';
import { notifyError } from '../../ui/notify.tsx';
import { shrink } from './send-picture.ts';

/** A look every so often: the engine reads one picture at a time. */
const LOOK_EVERY_MS = 700;

/** The camera, looked at until a code is in the picture. */
function Camera({ onFound, onClose }: { readonly onFound: (codes: readonly CodeFound[]) => void; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const video = useRef<HTMLVideoElement>(null);
  const [refused, setRefused] = useState(false);
  useEffect(() => {
    let stream: MediaStream | null = null;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let over = false;
    const look = async () => {
      const screen = video.current;
      if (over || !screen) return;
      if (screen.videoWidth > 0) {
        const { codes } = await client.stockByHand.read({ contentBase64: await shrink(screen) }).catch(() => ({ codes: [] as CodeFound[] }));
        if (!over && codes.length > 0) { onFound(codes); return; }
      }
      timer = setTimeout(() => void look(), LOOK_EVERY_MS);
    };
    const begin = async () => {
      try {
        stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment', width: { ideal: 1280 } } });
        if (over || !video.current) { stream.getTracks().forEach((track) => track.stop()); return; }
        video.current.srcObject = stream;
        await video.current.play();
        await look();
      } catch {
        setRefused(true);
      }
    };
    void begin();
    return () => { over = true; clearTimeout(timer); stream?.getTracks().forEach((track) => track.stop()); };
  }, [onFound]);
  return (
    <div className="stack" style={{ gap: '0.5rem' }}>
      {refused ? <div className="notice" role="note">{t('stock:hand.no-camera')}</div> : <video ref={video} className="code-video" muted playsInline aria-label={t('stock:hand.camera')} />}
      <Button variant="default" style={{ alignSelf: 'flex-start' }} onClick={onClose}>{t('stock:hand.camera-off')}</Button>
    </div>
  );
}

/** A code by picture, camera or keyboard (a hand scanner types); `onFound` with each that was read. */
export function ReadCode({ onFound }: { readonly onFound: (codes: readonly CodeFound[]) => void }) {
  const { t } = useTranslation();
  const field = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState('');
  const [camera, setCamera] = useState(false);
  const [over, setOver] = useState(false);
  const [none, setNone] = useState(false);
  const onError = (error: unknown) => notifyError(error, t);
  const take = (codes: readonly CodeFound[]) => { setNone(codes.length === 0); if (codes.length > 0) onFound(codes); };
  const read = useMutation({
    mutationFn: async (file: File) => {
      // what the browser cannot open (HEIC) cannot be made smaller here either
      const picture = await createImageBitmap(file);
      return client.stockByHand.read({ contentBase64: await shrink(picture) });
    },
    onError: (error) => { if (error instanceof DOMException) setNone(true); else onError(error); }, onSuccess: ({ codes }) => take(codes),
  });
  const find = useMutation({ mutationFn: (code: string) => client.stockByHand.find({ code }), onError, onSuccess: (code) => take([code]) });
  const drop = (event: DragEvent) => { event.preventDefault(); setOver(false); const file = event.dataTransfer.files[0]; if (file) read.mutate(file); };
  if (camera) return <Camera onFound={(codes) => { setCamera(false); take(codes); }} onClose={() => setCamera(false)} />;
  return (
    <div className="stack photos" style={{ gap: '0.5rem' }} data-over={over || undefined} onDragOver={(event) => { event.preventDefault(); setOver(true); }} onDragLeave={() => setOver(false)} onDrop={drop}>
      <form className="row wrap" style={{ alignItems: 'flex-end' }} onSubmit={(event) => { event.preventDefault(); event.stopPropagation(); if (typed.trim() !== '') find.mutate(typed.trim()); }}>
        <TextInput label={t('stock:hand.code')} className="grow" data-autofocus value={typed} maxLength={40} onChange={(event) => setTyped(event.currentTarget.value)} inputMode="numeric" dir="ltr" />
        <Button type="submit" variant="default" loading={find.isPending}>{t('stock:hand.find')}</Button>
        <Button variant="default" leftSection={<IconPhoto size="1.1rem" />} loading={read.isPending} onClick={() => field.current?.click()}>{t('stock:hand.picture')}</Button>
        <Button variant="default" leftSection={<IconCamera size="1.1rem" />} onClick={() => setCamera(true)}>{t('stock:hand.camera')}</Button>
        <input ref={field} type="file" accept="image/*" hidden tabIndex={-1} aria-hidden onChange={(event) => { const file = event.currentTarget.files?.[0]; if (file) read.mutate(file); event.currentTarget.value = ''; }} />
      </form>
      <p className="small muted" role="status">{read.isPending ? t('stock:hand.reading') : none ? t('stock:hand.no-code') : t('stock:hand.code-note')}</p>
    </div>
  );
}

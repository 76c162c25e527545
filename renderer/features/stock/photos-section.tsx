import { ActionIcon, Button, Modal, SegmentedControl } from '@mantine/core';
import { IconArrowLeft, IconArrowRight, IconPhotoPlus, IconTrash } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useRef, useState, type DragEvent, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { LotPhoto } from '#contract/lot-photos.ts';
import { orpc } from '../../rpc/client.ts';
import { useFormat } from '../../ui/format.ts';
import { notify, notifyError } from '../../ui/notify.tsx';
import { ErrorState } from '../../ui/states.tsx';
import { sendPicture } from './send-picture.ts';
import './photos.css';

function Picture({ photo, which, alt }: { readonly photo: LotPhoto; readonly which: 'before' | 'after' | 'small'; readonly alt: string }) {
  const { t } = useTranslation();
  const { data, error } = useQuery(orpc.lotPhotos.picture.queryOptions({ input: { id: photo.id, which }, staleTime: which === 'small' ? 0 : Infinity }));
  if (error) return <span className="photo-blank small">{t('stock:photos.gone')}</span>;
  return data ? <img src={`data:image/jpeg;base64,${data.contentBase64}`} alt={alt} draggable={false} /> : <span className="photo-blank" aria-hidden />;
}

function Findings({ photo }: { readonly photo: LotPhoto }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (photo.findings.length === 0) return null;
  return <ul className="photo-findings small">{photo.findings.map((finding) => <li key={finding.code}>{t(`stock:photos.finding.${finding.code}`, { figure: format.number(finding.figure, 1), limit: format.number(finding.limit) })}</li>)}</ul>;
}

/** One picture before and after, and which of the two is listed. */
function Look({ photo, onClose }: { readonly photo: LotPhoto; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [useOriginal, setUse] = useState(photo.useOriginal);
  const choose = useMutation(orpc.lotPhotos.choose.mutationOptions({ onError: (error) => notifyError(error, t), onSettled: () => queries.invalidateQueries({ queryKey: orpc.lotPhotos.key() }) }));
  return (
    <Modal opened onClose={onClose} size="xl" title={<strong>{photo.name}</strong>} closeButtonProps={{ 'aria-label': t('common:close') }}>
      <div className="stack">
        <SegmentedControl aria-label={t('stock:photos.listed-as')} value={useOriginal ? 'before' : 'after'} data={[{ value: 'after', label: t('stock:photos.after') }, { value: 'before', label: t('stock:photos.before') }]} onChange={(value) => { setUse(value === 'before'); choose.mutate({ id: photo.id, useOriginal: value === 'before' }); }} />
        <div className="photo-pair">
          <figure data-listed={useOriginal || undefined}><Picture photo={photo} which="before" alt={t('stock:photos.before')} /><figcaption className="small muted">{t('stock:photos.before')}</figcaption></figure>
          <figure data-listed={!useOriginal || undefined}><Picture photo={photo} which="after" alt={t('stock:photos.after')} /><figcaption className="small muted">{t('stock:photos.after')}</figcaption></figure>
        </div>
        <Findings photo={photo} />
        <p className="small muted">{t('stock:photos.private')}</p>
      </div>
    </Modal>
  );
}

function usePhotos(lotId: string) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [sending, setSending] = useState<string | null>(null);
  const settle = { onError: (error: unknown) => notifyError(error, t), onSettled: () => queries.invalidateQueries({ queryKey: orpc.lotPhotos.key() }) };
  const arrange = useMutation(orpc.lotPhotos.arrange.mutationOptions(settle));
  const restore = useMutation(orpc.lotPhotos.restore.mutationOptions(settle));
  const remove = useMutation(orpc.lotPhotos.remove.mutationOptions({ ...settle, onSuccess: (photo) => notify({ message: t('stock:photos.removed', { name: photo.name }), action: { label: t('common:undo'), run: () => restore.mutate({ id: photo.id }) } }) }));
  const send = async (files: readonly File[]) => {
    for (const [i, file] of files.entries()) {
      setSending(t('stock:photos.sending', { at: i + 1, of: files.length }));
      // one that is refused does not hold up the others
      await sendPicture(lotId, file).catch((error: unknown) => notifyError(error, t, file.name));
      await queries.invalidateQueries({ queryKey: orpc.lotPhotos.key() });
    }
    setSending(null);
  };
  const order = (ids: readonly string[], before: readonly string[]) => arrange.mutate({ lotId, ids: [...ids] }, { onSuccess: () => notify({ message: t('stock:photos.arranged'), action: { label: t('common:undo'), run: () => arrange.mutate({ lotId, ids: [...before] }) } }) });
  return { sending, send, order, remove: (photo: LotPhoto) => remove.mutate({ id: photo.id }) };
}

/** Pictures of the very thing: dropped or chosen, in order, the first is the main one. */
export function PhotosSection({ lotId }: { readonly lotId: string }) {
  const { t } = useTranslation();
  const { data, error, refetch } = useQuery(orpc.lotPhotos.list.queryOptions({ input: { lotId } }));
  const { sending, send, order, remove } = usePhotos(lotId);
  const field = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const [dragged, setDragged] = useState<string | null>(null);
  const [looking, setLooking] = useState<string | null>(null);
  if (error && !data) return <ErrorState error={error} onRetry={() => void refetch()} />;
  const photos = data?.photos ?? [];
  const ids = photos.map((photo) => photo.id);
  const move = (id: string, to: number) => {
    const rest = ids.filter((other) => other !== id);
    if (to < 0 || to > rest.length || ids.indexOf(id) === to) return;
    order([...rest.slice(0, to), id, ...rest.slice(to)], ids);
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    if (event.dataTransfer.files.length > 0) void send([...event.dataTransfer.files]);
  };
  const keys = (photo: LotPhoto, i: number) => (event: KeyboardEvent) => {
    if (event.altKey && event.key === 'ArrowLeft') { event.preventDefault(); move(photo.id, i - 1); }
    if (event.altKey && event.key === 'ArrowRight') { event.preventDefault(); move(photo.id, i + 1); }
    if (event.key === 'Delete') remove(photo);
  };
  const shown = photos.find((photo) => photo.id === looking);
  return (
    <div className="stack photos" data-over={over || undefined} onDragOver={(event) => { if (event.dataTransfer.types.includes('Files')) { event.preventDefault(); setOver(true); } }} onDragLeave={() => setOver(false)} onDrop={drop}>
      {photos.length === 0 ? <p className="muted small">{t('stock:photos.empty')}</p> : (
        <ul className="photo-grid">
          {photos.map((photo, i) => (
            <li key={photo.id} draggable onDragStart={() => setDragged(photo.id)} onDragEnd={() => setDragged(null)} onDragOver={(event) => { if (dragged) event.preventDefault(); }} onDrop={(event) => { if (dragged) { event.preventDefault(); event.stopPropagation(); move(dragged, i); } }}>
              <button type="button" className="photo" onClick={() => setLooking(photo.id)} onKeyDown={keys(photo, i)} aria-label={t('stock:photos.open', { name: photo.name, place: i + 1 })}>
                <Picture photo={photo} which="small" alt="" />
                {i === 0 ? <span className="photo-main small">{t('stock:photos.main')}</span> : null}
              </button>
              <div className="row" style={{ gap: '0.125rem' }}>
                <ActionIcon variant="subtle" size="sm" disabled={i === 0} aria-label={t('stock:photos.earlier', { name: photo.name })} onClick={() => move(photo.id, i - 1)}><IconArrowLeft size="1rem" /></ActionIcon>
                <ActionIcon variant="subtle" size="sm" disabled={i === photos.length - 1} aria-label={t('stock:photos.later', { name: photo.name })} onClick={() => move(photo.id, i + 1)}><IconArrowRight size="1rem" /></ActionIcon>
                <span className="grow" />
                <ActionIcon variant="subtle" size="sm" aria-label={t('stock:photos.remove', { name: photo.name })} onClick={() => remove(photo)}><IconTrash size="1rem" /></ActionIcon>
              </div>
              <Findings photo={photo} />
            </li>
          ))}
        </ul>
      )}
      <div className="row wrap">
        <Button variant="default" leftSection={<IconPhotoPlus size="1.1rem" />} loading={sending !== null} onClick={() => field.current?.click()}>{t('stock:photos.add')}</Button>
        <span className="small muted" role="status">{sending ?? t('stock:photos.drop')}</span>
        <input ref={field} type="file" accept="image/*" multiple hidden tabIndex={-1} aria-hidden onChange={(event) => { void send([...(event.currentTarget.files ?? [])]); event.currentTarget.value = ''; }} />
      </div>
      {shown ? <Look key={shown.id} photo={shown} onClose={() => setLooking(null)} /> : null}
    </div>
  );
}

import { Button, Checkbox, Select, Textarea, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import type { CheckedLine, PlainText, TextLanguage, TextLimitsView } from '#contract/listing-texts.ts';
import type { listingDetail } from '#contract/selling.ts';
import { orpc } from '../../rpc/client.ts';
import { notify, notifyError } from '../../ui/notify.tsx';
import { useWordReason } from '../../ui/reason.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { ErrorState } from '../../ui/states.tsx';

type Listing = z.infer<typeof listingDetail>;
type WrittenBy = 'template' | 'assistant' | 'person';

const linesOf = (text: string) => text.split('\n').map((line) => line.trim()).filter((line) => line !== '');

/** Each line that may not be said, why, and whether a person may stand for it. */
function Refused({ checked, vouched, onVouch }: { readonly checked: readonly CheckedLine[]; readonly vouched: readonly string[]; readonly onVouch: (line: string, on: boolean) => void }) {
  const { t } = useTranslation();
  const word = useWordReason();
  const shown = checked.filter((line) => line.refusal !== null || vouched.includes(line.text));
  if (shown.length === 0) return null;
  return (
    <div className="notice stack" role="note" style={{ gap: '0.625rem' }}>
      <strong>{t('listings:words.refused', { count: shown.length })}</strong>
      {shown.map((line) => (
        <div key={`${line.part} ${line.text}`} className="stack" style={{ gap: '0.25rem' }}>
          <span dir="auto">{line.text || t('listings:words.empty-line')}</span>
          {line.refusal ? <span className="small">{word(line.refusal)}</span> : null}
          {line.vouchable || vouched.includes(line.text) ? <Checkbox size="sm" label={t('listings:words.vouch')} checked={vouched.includes(line.text)} onChange={(event) => onVouch(line.text, event.currentTarget.checked)} /> : null}
        </div>
      ))}
    </div>
  );
}

interface EditorProps {
  readonly listing: Listing;
  readonly start: { readonly language: TextLanguage; readonly text: PlainText; readonly vouched: readonly string[]; readonly checked: readonly CheckedLine[] };
  readonly limits: TextLimitsView;
  readonly assistantOff: string | null;
  readonly onClose: () => void;
}

function Editor({ listing, start, limits, assistantOff, onClose }: EditorProps) {
  const { t } = useTranslation();
  const word = useWordReason();
  const queries = useQueryClient();
  const [language, setLanguage] = useState<TextLanguage>(start.language);
  const [title, setTitle] = useState(start.text.title);
  const [lines, setLines] = useState(start.text.lines.join('\n'));
  const [bullets, setBullets] = useState(start.text.bullets.join('\n'));
  const [note, setNote] = useState(start.text.conditionNote);
  const [vouched, setVouched] = useState<readonly string[]>(start.vouched);
  const [checked, setChecked] = useState<readonly CheckedLine[]>(start.checked);
  const [writtenBy, setWrittenBy] = useState<WrittenBy>('person');
  const text: PlainText = { title: title.trim(), lines: linesOf(lines), bullets: linesOf(bullets), conditionNote: note.trim() };
  const onError = (error: unknown) => notifyError(error, t);
  const typed = (set: (value: string) => void) => (value: string) => { set(value); setWrittenBy('person'); };
  const check = useMutation(orpc.listingTexts.check.mutationOptions({ onError, onSuccess: (answer) => setChecked(answer.checked) }));
  const propose = useMutation(orpc.listingTexts.propose.mutationOptions({
    onError,
    onSuccess: (answer) => {
      setTitle(answer.text.title); setLines(answer.text.lines.join('\n')); setBullets(answer.text.bullets.join('\n')); setNote(answer.text.conditionNote);
      setVouched([]); setChecked(answer.checked); setWrittenBy(answer.writtenBy);
      if (answer.instead) notify({ message: t('listings:words.instead', { reason: word(answer.instead) }) });
    },
  }));
  const save = useMutation(orpc.listingTexts.save.mutationOptions({
    onError,
    onSuccess: (answer) => { notify({ message: t(answer.sending ? 'listings:words.sent' : 'listings:words.saved') }); onClose(); },
    onSettled: () => { void queries.invalidateQueries({ queryKey: orpc.listings.key() }); void queries.invalidateQueries({ queryKey: orpc.listingTexts.key() }); },
  }));
  const vouch = (line: string, on: boolean) => {
    const next = on ? [...vouched, line] : vouched.filter((one) => one !== line);
    setVouched(next);
    check.mutate({ id: listing.id, language, text, vouched: [...next] });
  };
  const trySave = async () => {
    const answer = await check.mutateAsync({ id: listing.id, language, text, vouched: [...vouched] }).catch(() => null);
    if (answer && answer.checked.every((line) => line.refusal === null)) save.mutate({ id: listing.id, version: listing.version, language, text, vouched: [...vouched], writtenBy });
  };
  const dir = language === 'ar' ? 'rtl' : 'ltr';
  return (
    <form className="stack" style={{ gap: '0.875rem' }} onSubmit={(event) => { event.preventDefault(); void trySave(); }}>
      <div className="row wrap" style={{ alignItems: 'flex-end' }}>
        <Select label={t('listings:words.language')} w="9rem" allowDeselect={false} value={language} data={(['en', 'fr', 'ar'] as const).map((value) => ({ value, label: t(`listings:words.language.${value}`) }))} onChange={(value) => setLanguage((value ?? 'en') as TextLanguage)} />
        <Button variant="default" loading={propose.isPending && propose.variables.by === 'template'} onClick={() => propose.mutate({ id: listing.id, language, by: 'template' })}>{t('listings:words.template')}</Button>
        {assistantOff === null ? <Button variant="default" loading={propose.isPending && propose.variables.by === 'assistant'} onClick={() => propose.mutate({ id: listing.id, language, by: 'assistant' })}>{t('listings:words.assistant')}</Button> : null}
      </div>
      {assistantOff === null ? null : <p className="small muted">{t('listings:words.no-assistant', { reason: assistantOff })}</p>}
      <TextInput label={t('listings:words.title')} dir={dir} value={title} onChange={(event) => typed(setTitle)(event.currentTarget.value)} description={t('listings:words.length', { count: title.trim().length, most: limits.title })} error={title.trim().length > limits.title ? t('listings:words.too-long', { over: title.trim().length - limits.title }) : null} />
      <Textarea label={t('listings:words.lines')} description={t('listings:words.lines-note')} dir={dir} autosize minRows={4} maxRows={14} value={lines} onChange={(event) => typed(setLines)(event.currentTarget.value)} />
      {limits.bullets > 0 ? <Textarea label={t('listings:words.bullets', { most: limits.bullets })} dir={dir} autosize minRows={2} maxRows={8} value={bullets} onChange={(event) => typed(setBullets)(event.currentTarget.value)} /> : null}
      <Textarea label={t('listings:words.note')} description={t('listings:words.note-note')} dir={dir} autosize minRows={1} maxRows={5} value={note} onChange={(event) => typed(setNote)(event.currentTarget.value)} />
      <Refused checked={checked} vouched={vouched} onVouch={vouch} />
      <div className="row wrap">
        <Button type="submit" loading={save.isPending || check.isPending}>{t('listings:words.save')}</Button>
        <Button variant="default" onClick={onClose}>{t('listings:words.cancel')}</Button>
      </div>
    </form>
  );
}

/** The words of a listing as buyers read them, and the way to other ones: every line is checked against what is known of the product. */
export function TextSection({ listing }: { readonly listing: Listing }) {
  const { t } = useTranslation();
  const word = useWordReason();
  const [editing, setEditing] = useState<number | 'now' | null>(null);
  const { data, error, refetch } = useQuery(orpc.listingTexts.get.queryOptions({ input: { id: listing.id } }));
  if (error && !data) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!data) return <p className="muted small">{t('common:loading')}</p>;
  const open = listing.state !== 'ended' && listing.state !== 'ending';
  const older = typeof editing === 'number' ? data.saved.find((saved) => saved.number === editing) : undefined;
  const refused = data.checked.filter((line) => line.refusal !== null);
  if (editing !== null) return <Editor key={editing} listing={listing} start={older ?? data} limits={data.limits} assistantOff={data.assistant ? word(data.assistant) : null} onClose={() => setEditing(null)} />;
  return (
    <div className="stack" style={{ gap: '0.75rem' }}>
      <div dir={data.language === 'ar' ? 'rtl' : 'ltr'}>{data.text.lines.map((line) => <p key={line}>{line}</p>)}</div>
      {data.text.conditionNote ? <p dir="auto"><strong>{t('listings:words.note')}:</strong> {data.text.conditionNote}</p> : null}
      <p className="small muted">{refused.length === 0 ? t('listings:words.all-traced', { count: data.checked.length }) : t('listings:words.some-untraced', { count: refused.length })}</p>
      {open ? <Button variant="default" style={{ alignSelf: 'flex-start' }} onClick={() => setEditing('now')}>{t('listings:words.edit')}</Button> : null}
      {data.saved.length > 1 ? (
        <details>
          <summary className="small">{t('listings:words.versions', { count: data.saved.length })}</summary>
          <ul className="plain-list">{data.saved.map((saved) => <li key={saved.number} className="row"><span className="grow">{t('listings:words.version', { number: saved.number, by: t(`listings:words.by.${saved.writtenBy}`), language: t(`listings:words.language.${saved.language}`) })} <span className="muted"><RelativeTime at={saved.at} /></span></span>{open ? <Button size="compact-sm" variant="default" onClick={() => setEditing(saved.number)}>{t('listings:words.use')}</Button> : null}</li>)}</ul>
        </details>
      ) : null}
    </div>
  );
}

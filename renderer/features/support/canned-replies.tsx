import { Button, Textarea, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import type { supportPolicy } from '#contract/support.ts';

type Canned = z.infer<typeof supportPolicy>['canned'][number];
interface Row extends Canned { readonly key: number }

/** Texts that are used again and again. Each is checked like any other before it goes out. */
export function CannedReplies({ value, onSave, busy }: { readonly value: readonly Canned[]; readonly onSave: (canned: Canned[]) => void; readonly busy: boolean }) {
  const { t } = useTranslation();
  const [rows, setRows] = useState<readonly Row[]>(() => value.map((one, key) => ({ ...one, key })));
  const [next, setNext] = useState(value.length);
  const change = (key: number, part: Partial<Canned>) => setRows((before) => before.map((row) => (row.key === key ? { ...row, ...part } : row)));
  const kept = rows.filter((row) => row.name.trim() !== '' || row.text.trim() !== '');
  const whole = kept.every((row) => row.name.trim() !== '' && row.text.trim() !== '');
  return (
    <form className="stack" style={{ maxInlineSize: '52rem' }} onSubmit={(event) => { event.preventDefault(); if (whole) onSave(kept.map(({ name, text }) => ({ name: name.trim(), text: text.trim() }))); }}>
      <h2>{t('support:canned')}</h2>
      {rows.length === 0 ? <p className="muted">{t('support:canned-none')}</p> : null}
      {rows.map((row, n) => (
        <fieldset key={row.key} className="canned-row" aria-label={t('support:canned-one', { n: n + 1 })}>
          <TextInput label={t('support:canned-name')} value={row.name} maxLength={60} onChange={(event) => change(row.key, { name: event.currentTarget.value })} />
          <Textarea label={t('support:canned-text')} value={row.text} maxLength={2_000} autosize minRows={2} dir="auto" onChange={(event) => change(row.key, { text: event.currentTarget.value })} />
          <Button size="compact-sm" variant="subtle" leftSection={<IconTrash size="1rem" />} onClick={() => setRows((before) => before.filter((one) => one.key !== row.key))} aria-label={t('support:canned-remove-one', { name: row.name || String(n + 1) })}>{t('support:canned-remove')}</Button>
        </fieldset>
      ))}
      <div className="row">
        <Button size="sm" variant="default" leftSection={<IconPlus size="1rem" />} disabled={rows.length >= 100} onClick={() => { setRows((before) => [...before, { key: next, name: '', text: '' }]); setNext(next + 1); }}>{t('support:canned-add')}</Button>
        <Button type="submit" size="sm" loading={busy} disabled={!whole}>{t('support:save')}</Button>
      </div>
    </form>
  );
}

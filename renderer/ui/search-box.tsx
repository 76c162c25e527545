import { CloseButton, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { KeyHint } from './key-hint.tsx';
import { useShortcuts } from './shortcuts.ts';

const WAIT_MS = 160;

/** Search as you type; `/` comes here, Escape leaves. */
export function SearchBox({ value, onChange, label }: { readonly value: string; readonly onChange: (value: string) => void; readonly label: string }) {
  const { t } = useTranslation();
  const [text, setText] = useState(value);
  const input = useRef<HTMLInputElement>(null);
  const timer = useRef<number | undefined>(undefined);
  useEffect(() => { if (document.activeElement !== input.current) setText(value); }, [value]);
  useEffect(() => () => window.clearTimeout(timer.current), []);
  useShortcuts([
    { keys: ['/'], shown: '/', label: t('common:keys.search'), run: () => input.current?.focus() },
  ]);
  const type = (next: string, wait = WAIT_MS) => {
    setText(next);
    window.clearTimeout(timer.current);
    timer.current = window.setTimeout(() => onChange(next.trim()), wait);
  };
  return (
    <TextInput ref={input} value={text} placeholder={label} aria-label={label} w="15rem" type="search" onChange={(event) => type(event.currentTarget.value)}
      onKeyDown={(event) => { if (event.key === 'Escape' || event.key === 'Enter') { event.stopPropagation(); input.current?.blur(); } }}
      leftSection={<IconSearch size="0.875rem" aria-hidden="true" />} rightSection={text ? <CloseButton size="sm" aria-label={t('common:clear-search')} onClick={() => type('', 0)} /> : <KeyHint keys="/" />} />
  );
}

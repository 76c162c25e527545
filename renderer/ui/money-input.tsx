import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { parseDecimal, toDecimal, type Money as Amount } from '#kernel/money.ts';

interface MoneyInputProps {
  readonly label: string;
  /** Said to a screen reader alone, where a heading names the column. */
  readonly hideLabel?: boolean;
  readonly description?: string | undefined;
  readonly value: Amount | null;
  readonly currency: string;
  /** Null for what is not an amount of the currency, or for an empty field where that is allowed. */
  readonly onChange: (value: Amount | null, valid: boolean) => void;
  /** An empty field stands for no amount (no limit). */
  readonly optional?: boolean;
  readonly error?: string | null;
  /** What an empty field stands for; `no limit` unless told. */
  readonly placeholder?: string;
  /** Has the focus when its dialog opens. */
  readonly first?: boolean;
}

/** An amount typed in major units; kept exact, never through floating point. */
export function MoneyInput({ label, hideLabel = false, description, value, currency, onChange, optional = false, error = null, placeholder, first = false }: MoneyInputProps) {
  const { t } = useTranslation();
  const [text, setText] = useState(value ? toDecimal(value) : '');
  const [wrong, setWrong] = useState(false);
  const type = (next: string) => {
    setText(next);
    const clean = next.trim().replace(',', '.');
    const amount = clean === '' ? null : parseDecimal(clean, currency);
    const valid = amount !== null || (optional && clean === '');
    setWrong(!valid);
    onChange(amount, valid);
  };
  return <TextInput {...(hideLabel ? { 'aria-label': label } : { label })} description={description} data-autofocus={first || undefined} value={text} inputMode="decimal" onChange={(event) => type(event.currentTarget.value)} error={wrong ? t('common:not-an-amount', { currency }) : error} rightSection={<span className="small muted">{currency}</span>} rightSectionWidth="2.75rem" placeholder={optional ? (placeholder ?? t('common:no-limit')) : undefined} styles={{ input: { textAlign: 'end', fontVariantNumeric: 'tabular-nums' } }} dir="ltr" />;
}

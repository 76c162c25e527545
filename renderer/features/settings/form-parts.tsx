import { Button, NumberInput, Skeleton } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

export function Group({ title, note, children }: { readonly title: string; readonly note?: string; readonly children: ReactNode }) {
  return <section className="card settings-group"><h2>{title}</h2>{note ? <p className="small muted">{note}</p> : null}<div className="settings-fields">{children}</div></section>;
}

export function Foot({ dirty, valid, busy, action, onReset }: { readonly dirty: boolean; readonly valid: boolean; readonly busy: boolean; readonly action: string; readonly onReset: () => void }) {
  const { t } = useTranslation();
  return (
    <footer className="settings-foot">
      <Button type="submit" size="sm" disabled={!dirty || !valid} loading={busy}>{action}</Button>
      {dirty ? <Button size="sm" variant="subtle" onClick={onReset}>{t('settings:discard')}</Button> : null}
      <span className="small muted" role="status">{dirty ? t(valid ? 'settings:unsaved' : 'settings:invalid') : t('settings:saved-state')}</span>
    </footer>
  );
}

/** A share in percent over stored basis points. */
export function PercentInput({ label, description, value, onChange, min = 0, max = 100 }: { readonly label: string; readonly description?: string; readonly value: number; readonly onChange: (basisPoints: number) => void; readonly min?: number; readonly max?: number }) {
  return <NumberInput label={label} description={description} value={value / 100} min={min} max={max} decimalScale={2} suffix=" %" onChange={(v) => { const number = Number(v); if (Number.isFinite(number)) onChange(Math.round(number * 100)); }} />;
}

export function FormSkeleton() {
  const { t } = useTranslation();
  return <div className="settings-form" role="status" aria-label={t('common:loading')}>{[0, 1].map((index) => <div key={index} className="card settings-group"><Skeleton height="1rem" width="30%" /><div className="settings-fields">{Array.from({ length: 6 }, (_, field) => <Skeleton key={field} height="3rem" />)}</div></div>)}</div>;
}

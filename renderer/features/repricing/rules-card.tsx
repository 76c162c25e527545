import { ActionIcon, Button, Switch, TextInput } from '@mantine/core';
import { IconCheck, IconPlus, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RepriceSettings } from '#contract/repricing.ts';
import { RuleForm } from './rule-form.tsx';

interface RulesCardProps {
  readonly draft: RepriceSettings;
  readonly stored: RepriceSettings;
  readonly practice: boolean;
  readonly busy: boolean;
  readonly onChange: (draft: RepriceSettings) => void;
  readonly onSave: (value: RepriceSettings) => void;
}

/** On or off, the rule of all, and rule sets of single categories. What is typed is shown in the preview before it is saved. */
export function RulesCard({ draft, stored, practice, busy, onChange, onSave }: RulesCardProps) {
  const { t } = useTranslation();
  const [category, setCategory] = useState('');
  const dirty = JSON.stringify(draft) !== JSON.stringify(stored);
  const name = category.trim().toLowerCase();
  const add = () => {
    if (name === '' || draft.sets.some((set) => set.category === name)) return;
    onChange({ ...draft, sets: [...draft.sets, { category: name, rule: draft.rule }] });
    setCategory('');
  };
  return (
    <section className="card reprice-card" aria-label={t('repricing:rules')}>
      <Switch label={t('repricing:on')} description={t(practice ? 'repricing:on-practice' : 'repricing:on-live')} checked={stored.on} disabled={busy} onChange={(event) => onSave({ ...draft, on: event.currentTarget.checked })} />
      <h2>{t('repricing:rule-all')}</h2>
      <RuleForm value={draft.rule} onChange={(rule) => onChange({ ...draft, rule })} />
      {draft.sets.map((set, index) => (
        <details key={set.category} className="fold">
          <summary>{t('repricing:rule-of', { category: set.category })} <span className="small muted">{t(`repricing:strategy.${set.rule.strategy}`)}</span></summary>
          <RuleForm value={set.rule} onChange={(rule) => onChange({ ...draft, sets: draft.sets.map((other, i) => (i === index ? { ...other, rule } : other)) })} />
          <ActionIcon variant="subtle" color="gray" aria-label={t('repricing:remove-set', { category: set.category })} onClick={() => onChange({ ...draft, sets: draft.sets.filter((_, i) => i !== index) })}><IconTrash size="1rem" /></ActionIcon>
        </details>
      ))}
      <form className="row" style={{ alignItems: 'flex-end' }} onSubmit={(event) => { event.preventDefault(); add(); }}>
        <TextInput label={t('repricing:new-set')} description={t('repricing:new-set-note')} value={category} onChange={(event) => setCategory(event.currentTarget.value)} style={{ flex: 1 }} />
        <Button type="submit" variant="default" leftSection={<IconPlus size="0.9375rem" />} disabled={name === ''}>{t('repricing:add-set')}</Button>
      </form>
      <div className="row" style={{ justifyContent: 'flex-end' }}>
        {dirty ? <Button variant="default" onClick={() => onChange(stored)}>{t('repricing:reset')}</Button> : null}
        <Button leftSection={<IconCheck size="1rem" />} disabled={!dirty} loading={busy} onClick={() => onSave({ ...draft, on: stored.on })}>{t('repricing:save')}</Button>
      </div>
    </section>
  );
}

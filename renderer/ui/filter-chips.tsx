import { CloseButton, Menu, Modal, UnstyledButton } from '@mantine/core';
import { IconChevronDown, IconPlus } from '@tabler/icons-react';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { KeyHint } from './key-hint.tsx';
import { useShortcuts } from './shortcuts.ts';
import './filter-chips.css';

export interface FilterOption { readonly value: string; readonly label: string; readonly count?: number | undefined }
export interface Filter {
  readonly id: string;
  /** The name in the menu of filters: `Source`. */
  readonly name: string;
  /** The chip's words when set: `from Oran Tools`; null when the filter is not set. */
  readonly phrase: string | null;
  readonly options: readonly FilterOption[];
  readonly value: string | undefined;
  readonly onChange: (value: string | undefined) => void;
  /** One that always has a value cannot be removed. */
  readonly fixed?: boolean;
  /** Asked for in a form of its own, beside the options or instead of them. */
  readonly form?: { readonly label: string; readonly render: (close: () => void) => ReactNode };
}

type Edit = (id: string) => void;

function Options({ filter, onEdit }: { readonly filter: Filter; readonly onEdit: Edit }) {
  return (
    <>
      {filter.options.map((option) => (
        <Menu.Item key={option.value} onClick={() => filter.onChange(option.value)} aria-current={option.value === filter.value ? 'true' : undefined}
          rightSection={option.count === undefined ? null : <span className="num small muted">{option.count.toLocaleString()}</span>} fw={option.value === filter.value ? 650 : undefined}>
          {option.label}
        </Menu.Item>
      ))}
      {filter.form ? <Menu.Item onClick={() => onEdit(filter.id)}>{filter.form.label}</Menu.Item> : null}
    </>
  );
}

function Chip({ filter, onEdit, onRemove }: { readonly filter: Filter; readonly onEdit: Edit; readonly onRemove: () => void }) {
  const { t } = useTranslation();
  const label = t('common:change-filter', { name: filter.name, phrase: filter.phrase });
  const words = <>{filter.phrase}<IconChevronDown size="0.75rem" aria-hidden="true" /></>;
  return (
    <span className="chip" data-filter={filter.id}>
      {filter.options.length === 0 ? <UnstyledButton className="chip-label" aria-label={label} onClick={() => onEdit(filter.id)}>{words}</UnstyledButton> : (
        <Menu position="bottom-start" width={240} returnFocus>
          <Menu.Target><UnstyledButton className="chip-label" aria-label={label}>{words}</UnstyledButton></Menu.Target>
          <Menu.Dropdown mah="22rem" style={{ overflowY: 'auto' }}><Options filter={filter} onEdit={onEdit} /></Menu.Dropdown>
        </Menu>
      )}
      {filter.fixed ? null : <CloseButton size="xs" aria-label={t('common:remove-filter', { name: filter.name })} onClick={() => { filter.onChange(undefined); onRemove(); }} />}
    </span>
  );
}

function AddFilter({ filters, onEdit }: { readonly filters: readonly Filter[]; readonly onEdit: Edit }) {
  const { t } = useTranslation();
  const [opened, setOpened] = useState(false);
  useShortcuts([{ keys: ['f'], shown: 'F', label: t('common:keys.filter'), run: () => setOpened(true) }]);
  return (
    <Menu position="bottom-start" width={230} opened={opened} onChange={setOpened} returnFocus>
      <Menu.Target><UnstyledButton className="chip chip-add"><IconPlus size="0.75rem" aria-hidden="true" />{t('common:add-filter')}<KeyHint keys="F" /></UnstyledButton></Menu.Target>
      <Menu.Dropdown>
        {filters.map((filter) => (filter.options.length === 0 ? <Menu.Item key={filter.id} onClick={() => onEdit(filter.id)}>{filter.name}…</Menu.Item> : (
          <Menu.Sub key={filter.id}>
            <Menu.Sub.Target><Menu.Sub.Item>{filter.name}</Menu.Sub.Item></Menu.Sub.Target>
            <Menu.Sub.Dropdown mah="22rem" style={{ overflowY: 'auto' }}><Options filter={filter} onEdit={onEdit} /></Menu.Sub.Dropdown>
          </Menu.Sub>
        )))}
      </Menu.Dropdown>
    </Menu>
  );
}

/** Filters that read as a sentence: `Open` `to buy` `from Oran Tools` `earning $5 or more`. */
export function FilterChips({ filters, lead, trail }: { readonly filters: readonly Filter[]; readonly lead?: ReactNode; readonly trail?: ReactNode }) {
  const { t } = useTranslation();
  const group = useRef<HTMLDivElement>(null);
  const [editing, setEditing] = useState<string | null>(null);
  /** Shown on while the dialog fades. */
  const [shown, setShown] = useState<Filter | null>(null);
  const edit = (id: string) => { setShown(filters.find((filter) => filter.id === id) ?? null); setEditing(id); };
  /** What the dialog was opened from has gone with its menu: the keyboard goes on at the filter's chip, or where the next one is added. */
  const focusOn = (id: string | undefined) => ['[data-filter="' + id + '"] .chip-label', '.chip-add', '.chip-label'].map((selector) => group.current?.querySelector<HTMLElement>(selector)).find((found) => found)?.focus();
  /** A filter that was chosen in a menu and whose chip is not drawn yet. */
  const chosen = useRef<string | null>(null);
  useEffect(() => {
    if (chosen.current === null || !group.current?.querySelector(`[data-filter="${chosen.current}"]`)) return;
    focusOn(chosen.current);
    chosen.current = null;
  });
  const watched = filters.map((filter): Filter => ({ ...filter, onChange: (value) => { if (value !== undefined) chosen.current = filter.id; filter.onChange(value); } }));
  const open = watched.filter((filter) => filter.phrase === null && (filter.options.length > 0 || filter.form !== undefined));
  return (
    <div className="chips" role="group" aria-label={t('common:filters')} ref={group}>
      {lead}
      {watched.filter((filter) => filter.phrase !== null).map((filter) => <Chip key={filter.id} filter={filter} onEdit={edit} onRemove={() => window.requestAnimationFrame(() => focusOn(undefined))} />)}
      {open.length > 0 ? <AddFilter filters={open} onEdit={edit} /> : null}
      {trail}
      <Modal opened={editing !== null} onClose={() => setEditing(null)} onExitTransitionEnd={() => { focusOn(shown?.id); setShown(null); }} returnFocus={false} title={<strong>{shown?.name}</strong>} size="22rem" closeButtonProps={{ 'aria-label': t('common:close') }}>
        {shown?.form?.render(() => setEditing(null))}
      </Modal>
    </div>
  );
}

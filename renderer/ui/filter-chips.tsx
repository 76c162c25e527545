import { CloseButton, Menu, UnstyledButton } from '@mantine/core';
import { IconChevronDown, IconPlus } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
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
}

function Options({ filter }: { readonly filter: Filter }) {
  return filter.options.map((option) => (
    <Menu.Item key={option.value} onClick={() => filter.onChange(option.value)} aria-current={option.value === filter.value ? 'true' : undefined}
      rightSection={option.count === undefined ? null : <span className="num small muted">{option.count.toLocaleString()}</span>} fw={option.value === filter.value ? 650 : undefined}>
      {option.label}
    </Menu.Item>
  ));
}

function Chip({ filter }: { readonly filter: Filter }) {
  const { t } = useTranslation();
  return (
    <span className="chip">
      <Menu position="bottom-start" width={240}>
        <Menu.Target><UnstyledButton className="chip-label" aria-label={t('common:change-filter', { name: filter.name, phrase: filter.phrase })}>{filter.phrase}<IconChevronDown size="0.75rem" aria-hidden="true" /></UnstyledButton></Menu.Target>
        <Menu.Dropdown mah="22rem" style={{ overflowY: 'auto' }}><Options filter={filter} /></Menu.Dropdown>
      </Menu>
      {filter.fixed ? null : <CloseButton size="xs" aria-label={t('common:remove-filter', { name: filter.name })} onClick={() => filter.onChange(undefined)} />}
    </span>
  );
}

/** Filters that read as a sentence: `Open` `to buy` `from Oran Tools` `earning $5 or more`. */
export function FilterChips({ filters, lead, trail }: { readonly filters: readonly Filter[]; readonly lead?: ReactNode; readonly trail?: ReactNode }) {
  const { t } = useTranslation();
  const open = filters.filter((filter) => filter.phrase === null && filter.options.length > 0);
  return (
    <div className="chips" role="group" aria-label={t('common:filters')}>
      {lead}
      {filters.filter((filter) => filter.phrase !== null).map((filter) => <Chip key={filter.id} filter={filter} />)}
      {open.length > 0 ? (
        <Menu position="bottom-start" width={230}>
          <Menu.Target><UnstyledButton className="chip chip-add"><IconPlus size="0.75rem" aria-hidden="true" />{t('common:add-filter')}</UnstyledButton></Menu.Target>
          <Menu.Dropdown>
            {open.map((filter) => (
              <Menu.Sub key={filter.id}>
                <Menu.Sub.Target><Menu.Sub.Item>{filter.name}</Menu.Sub.Item></Menu.Sub.Target>
                <Menu.Sub.Dropdown mah="22rem" style={{ overflowY: 'auto' }}><Options filter={filter} /></Menu.Sub.Dropdown>
              </Menu.Sub>
            ))}
          </Menu.Dropdown>
        </Menu>
      ) : null}
      {trail}
    </div>
  );
}

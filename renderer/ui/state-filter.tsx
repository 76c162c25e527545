import { FilterChips, type Filter } from './filter-chips.tsx';

interface StateFilterProps<T extends string> {
  readonly name: string;
  readonly values: readonly T[];
  readonly value: T | undefined;
  readonly word: (value: T) => string;
  readonly allLabel: string;
  readonly onChange: (value: T | undefined) => void;
}

/** The chip for the state of a list's things, `all` included. */
export function stateChip<T extends string>({ name, values, value, word, allLabel, onChange }: StateFilterProps<T>, id = 'state'): Filter {
  return {
    id, name, fixed: true, value: value ?? 'all', phrase: value ? word(value) : allLabel,
    options: [{ value: 'all', label: allLabel }, ...values.map((v) => ({ value: v, label: word(v) }))],
    onChange: (next) => onChange(next === 'all' ? undefined : (next as T | undefined)),
  };
}

/** One chip alone. */
export const StateFilter = <T extends string>(props: StateFilterProps<T>) => <FilterChips filters={[stateChip(props)]} />;

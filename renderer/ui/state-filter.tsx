import { FilterChips } from './filter-chips.tsx';

interface StateFilterProps<T extends string> {
  readonly name: string;
  readonly values: readonly T[];
  readonly value: T | undefined;
  readonly word: (value: T) => string;
  readonly allLabel: string;
  readonly onChange: (value: T | undefined) => void;
}

/** One chip for the state of a list's things, `all` included. */
export function StateFilter<T extends string>({ name, values, value, word, allLabel, onChange }: StateFilterProps<T>) {
  return (
    <FilterChips filters={[{
      id: 'state', name, fixed: true, value: value ?? 'all', phrase: value ? word(value) : allLabel,
      options: [{ value: 'all', label: allLabel }, ...values.map((v) => ({ value: v, label: word(v) }))],
      onChange: (next) => onChange(next === 'all' ? undefined : (next as T | undefined)),
    }]} />
  );
}

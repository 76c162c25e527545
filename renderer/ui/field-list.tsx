import type { ReactNode } from 'react';
import './field-list.css';

/** Names and values; a value that is null shows a dash: it is not known. `sparse`: it does not apply, or not yet, and its row is left out. */
export function FieldList({ fields, sparse = false }: { readonly fields: readonly (readonly [name: string, value: ReactNode])[]; readonly sparse?: boolean }) {
  return (
    <dl className="field-list">
      {fields.filter(([, value]) => !sparse || (value !== null && value !== undefined)).map(([name, value]) => <div key={name}><dt>{name}</dt><dd>{value ?? <span className="muted">–</span>}</dd></div>)}
    </dl>
  );
}

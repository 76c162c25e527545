import type { ReactNode } from 'react';
import './field-list.css';

/** Names and values; a value that is null shows a dash. */
export function FieldList({ fields }: { readonly fields: readonly (readonly [name: string, value: ReactNode])[] }) {
  return (
    <dl className="field-list">
      {fields.map(([name, value]) => <div key={name}><dt>{name}</dt><dd>{value ?? <span className="muted">–</span>}</dd></div>)}
    </dl>
  );
}

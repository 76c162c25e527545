import type { ReactNode } from 'react';

export function Section({ title, children, aside }: { readonly title: string; readonly children: ReactNode; readonly aside?: ReactNode }) {
  return <section className="section"><header className="row" style={{ justifyContent: 'space-between' }}><h2>{title}</h2>{aside}</header>{children}</section>;
}

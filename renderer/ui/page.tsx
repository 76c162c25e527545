import { useEffect, type ReactNode } from 'react';
import './page.css';

/** A page: its heading, its tools, what its list is narrowed to, and a body that fills the rest (`scroll` for one that scrolls as a whole). */
export function Page({ title, tools, filters, children, scroll = false }: { readonly title: string; readonly tools?: ReactNode; readonly filters?: ReactNode; readonly children: ReactNode; readonly scroll?: boolean }) {
  useEffect(() => { document.title = `${title} · Resale Desk`; }, [title]);
  return (
    <div className="page">
      <header className="page-head"><h1>{title}</h1><div className="page-tools">{tools}</div></header>
      {filters ? <div className="page-filters">{filters}</div> : null}
      {scroll ? <div className="page-scroll" tabIndex={0} role="region" aria-label={title}><div className="page-inner">{children}</div></div> : <div className="page-body">{children}</div>}
    </div>
  );
}

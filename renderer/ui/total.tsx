import { useTranslation } from 'react-i18next';
import { useFormat } from './format.ts';

/** How many there are; a capped count says that there are more. */
export function Total({ total }: { readonly total: { readonly count: number; readonly capped: boolean } | undefined }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (!total) return null;
  return <span className="small muted num" aria-live="polite">{t(total.capped ? 'common:count-capped' : 'common:count-exact', { count: total.count, shown: format.number(total.count) })}</span>;
}

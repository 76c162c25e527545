import type { TFunction } from 'i18next';
import type { ReportRow } from '#contract/reports.ts';
import { intlLocale } from '../../ui/format.ts';
import type { Split } from './search.ts';

/** A row's name in words: the engine knows keys, and names only where they are somebody's words. */
export function rowName(t: TFunction, language: string, row: Pick<ReportRow, 'key' | 'label'>, by: Split): string {
  const { key, label } = row;
  if (label) return label;
  if (key === '') return t(`reports:none.${by}`);
  if (by === 'month') return new Intl.DateTimeFormat(intlLocale(language), { month: 'long', year: 'numeric', timeZone: 'UTC' }).format(Date.parse(`${key}-15T00:00:00Z`));
  if (by === 'channel') return t(`listings:channel.${key}`, { defaultValue: key });
  if (by === 'category') return key.charAt(0).toUpperCase() + key.slice(1).replaceAll('-', ' ');
  if (by === 'source') return key === 'hand' ? t('reports:source.hand') : t('reports:source.gone');
  return key.replace(/^(?:sku|title):/, '');
}

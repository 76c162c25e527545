import { Tooltip } from '@mantine/core';
import { IconArrowsUpDown, IconBuildingStore, IconCash, IconChartHistogram, IconChecks, IconEye, IconFileInvoice, IconFileSpreadsheet, IconHeadset, IconHome, IconMessages, IconPackage, IconPuzzle, IconReceipt2, IconRefreshDot, IconReportAnalytics, IconScale, IconSettings, IconShoppingCart, IconSparkles, IconTag, IconTargetArrow, type Icon } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { orpc } from '../rpc/client.ts';
import { useFormat } from '../ui/format.ts';

export const PAGES = [
  { to: '/', key: 'today', Icon: IconHome, group: null },
  { to: '/opportunities', key: 'opportunities', Icon: IconTargetArrow, group: 'buy' },
  { to: '/plan', key: 'plan', Icon: IconScale, group: 'buy' },
  { to: '/approvals', key: 'approvals', Icon: IconChecks, group: 'buy' },
  { to: '/identify', key: 'identify', Icon: IconPuzzle, group: 'buy' },
  { to: '/negotiations', key: 'negotiations', Icon: IconMessages, group: 'buy' },
  { to: '/purchases', key: 'purchases', Icon: IconShoppingCart, group: 'buy' },
  { to: '/reorder', key: 'reorder', Icon: IconRefreshDot, group: 'buy' },
  { to: '/purchase-orders', key: 'purchase-orders', Icon: IconFileInvoice, group: 'buy' },
  { to: '/price-lists', key: 'price-lists', Icon: IconFileSpreadsheet, group: 'buy' },
  { to: '/sources', key: 'sources', Icon: IconBuildingStore, group: 'buy' },
  { to: '/stock', key: 'stock', Icon: IconPackage, group: 'sell' },
  { to: '/listings', key: 'listings', Icon: IconTag, group: 'sell' },
  { to: '/repricing', key: 'repricing', Icon: IconArrowsUpDown, group: 'sell' },
  { to: '/watch', key: 'watch', Icon: IconEye, group: 'sell' },
  { to: '/orders', key: 'orders', Icon: IconReceipt2, group: 'sell' },
  { to: '/support', key: 'support', Icon: IconHeadset, group: 'sell' },
  { to: '/payments', key: 'payments', Icon: IconCash, group: 'sell' },
  { to: '/reports', key: 'reports', Icon: IconReportAnalytics, group: 'books' },
  { to: '/ledger', key: 'ledger', Icon: IconChartHistogram, group: 'books' },
  { to: '/ai', key: 'ai', Icon: IconSparkles, group: 'end' },
  { to: '/settings', key: 'settings', Icon: IconSettings, group: 'end' },
] as const satisfies readonly { to: string; key: string; Icon: Icon; group: string | null }[];
type PageKey = (typeof PAGES)[number]['key'];

/** How many of a page's things there are to see to, and whether a person is needed for them. */
function useCounts(): Partial<Record<PageKey, { readonly count: number; readonly needed: boolean }>> {
  const { data } = useQuery(orpc.system.today.queryOptions());
  if (!data) return {};
  const { counts, items } = data;
  return {
    today: { count: items.length, needed: items.some((item) => item.kind !== 'approve') },
    opportunities: counts.alertMatches > 0 ? { count: counts.alertMatches, needed: true } : { count: counts.openOpportunities, needed: false },
    identify: { count: counts.toIdentify, needed: counts.toIdentify > 0 },
    approvals: { count: counts.toApprove, needed: counts.toApprove > 0 },
    negotiations: { count: counts.talks, needed: counts.talks > 0 },
    purchases: { count: counts.stoppedPurchases + counts.toOrder + counts.toReceive, needed: counts.stoppedPurchases + counts.toOrder > 0 },
    support: { count: counts.tickets, needed: counts.tickets > 0 },
    orders: { count: counts.toShip, needed: counts.toShip > 0 },
    sources: { count: counts.troubledSources, needed: counts.troubledSources > 0 },
  };
}

export function Rail() {
  const { t } = useTranslation();
  const format = useFormat();
  const counts = useCounts();
  return (
    <nav className="rail" aria-label={t('frame:rail')}>
      <Link to="/" className="rail-brand"><img src="/icon.svg" alt="" /><span>Resale Desk</span></Link>
      {PAGES.map(({ to, key, Icon: PageIcon, group }, index) => {
        const count = counts[key];
        const heading = group !== null && group !== 'end' && group !== PAGES[index - 1]?.group ? <div className="rail-group" aria-hidden="true">{t(`frame:group.${group}`)}</div> : null;
        return (
          <div key={key} style={{ display: 'contents' }}>
            {group === 'end' ? (PAGES[index - 1]?.group === 'end' ? null : <div className="rail-space" />) : heading}
            <Tooltip label={t(`frame:page.${key}`)} position="right" events={{ hover: true, focus: true, touch: false }}>
              <Link to={to} className="rail-link" activeOptions={{ exact: to === '/', includeSearch: false }}>
                <PageIcon size="1.125rem" stroke={1.7} aria-hidden="true" />
                <span className="rail-label">{t(`frame:page.${key}`)}</span>
                {count && count.count > 0 ? (
                  <span className="rail-count" data-needed={count.needed}><span aria-hidden="true">{count.count > 9_999 ? `${format.number(Math.floor(count.count / 1_000))}k` : count.count}</span><span className="visually-hidden">{t(count.needed ? 'frame:count-needed' : 'frame:count', { count: count.count })}</span></span>
                ) : null}
              </Link>
            </Tooltip>
          </div>
        );
      })}
    </nav>
  );
}

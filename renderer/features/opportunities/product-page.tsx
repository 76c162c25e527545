import { Button } from '@mantine/core';
import { IconTargetArrow } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, getRouteApi, useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { orpc } from '../../rpc/client.ts';
import { Page } from '../../ui/page.tsx';
import { DetailSkeleton, EmptyState, ErrorState } from '../../ui/states.tsx';
import { Verdict } from '../../ui/verdict.tsx';
import { Asks } from './asks.tsx';
import { useDecisions } from './decide.ts';
import { History } from './history.tsx';
import { Approve, Blocked, ByHand, Head } from './opportunity-panel.tsx';
import { Arithmetic, Comparables, Distribution, Evidence, Why } from './panel-sections.tsx';
import '../../ui/split-view.css';
import './compare.css';

const route = getRouteApi('/frame/product');

/** One product on a page of its own: everything of the panel, with room for its history. */
export function ProductPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const decisions = useDecisions();
  const id = (route.useSearch() as { id?: string }).id ?? '';
  const { data: detail, error, isPending, refetch } = useQuery({ ...orpc.opportunities.get.queryOptions({ input: { id } }), enabled: id !== '' });
  const tools = <><span className="grow" /><Button component={Link} to="/opportunities" search={{ open: id || undefined } as never} variant="default">{t('opportunities:product.back')}</Button></>;
  if (id === '') return <Page title={t('frame:page.product')} tools={tools}><EmptyState icon={<IconTargetArrow size="1.75rem" stroke={1.5} />} title={t('opportunities:product.none')} action={<Button component={Link} to="/opportunities">{t('opportunities:compare.choose')}</Button>}>{t('opportunities:product.none-text')}</EmptyState></Page>;
  return (
    <Page title={t('frame:page.product')} tools={tools} scroll>
      {isPending ? <DetailSkeleton /> : error && !detail ? <ErrorState error={error} onRetry={() => void refetch()} /> : (
        <article className="product-page">
          <Head detail={detail} full />
          <div className="section stack"><Verdict facts={detail} /><Blocked detail={detail} /><ByHand detail={detail} /></div>
          <div className="product-grid">
            <div className="product-wide"><History id={id} height={19} /></div>
            <div><Arithmetic detail={detail} /></div>
            <div><Distribution detail={detail} /><Why detail={detail} /></div>
            <div><Comparables detail={detail} /><Asks id={id} /></div>
            <div><Evidence detail={detail} /></div>
          </div>
          <Approve key={detail.version} detail={detail} decisions={decisions} onDecided={() => void navigate({ to: '/opportunities' })} keys />
        </article>
      )}
    </Page>
  );
}

import { Button, SegmentedControl, Skeleton } from '@mantine/core';
import { IconCheck, IconExternalLink, IconPuzzle, IconX } from '@tabler/icons-react';
import { useInfiniteQuery, useMutation, useQueryClient, type InfiniteData } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { IdentityQuestion } from '#contract/identity.ts';
import { client, orpc } from '../../rpc/client.ts';
import { useFormat } from '../../ui/format.ts';
import { KeyHint } from '../../ui/key-hint.tsx';
import { Money } from '../../ui/money.tsx';
import { notify, notifyError } from '../../ui/notify.tsx';
import { Page } from '../../ui/page.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { useShortcuts } from '../../ui/shortcuts.ts';
import { EmptyState, ErrorState } from '../../ui/states.tsx';
import { StatusBadge } from '../../ui/status-badge.tsx';
import { PAGING, cursorInput } from '../../ui/use-pages.ts';
import { compareTitles } from './compare-titles.ts';
import './identify.css';

type Answer = { readonly question: IdentityQuestion; readonly same: boolean };
type Pages = InfiniteData<{ items: IdentityQuestion[]; nextCursor: string | null }>;
const VIEWS = ['open', 'same', 'different'] as const;
type View = (typeof VIEWS)[number];
const listKey = () => orpc.identity.list.key({ type: 'infinite' });

/** Answers at once and takes it back when the engine refuses; the last answer can be undone. */
function useAnswers() {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const last = useRef<IdentityQuestion | null>(null);
  const refresh = () => {
    void queries.invalidateQueries({ queryKey: orpc.identity.key() });
    void queries.invalidateQueries({ queryKey: orpc.system.today.key() });
  };
  const undoing = useMutation({
    mutationFn: (question: IdentityQuestion) => client.identity.undo({ id: question.id, version: question.version }),
    onSuccess: () => notify({ message: t('identify:notice.undone') }), onError: (error) => notifyError(error, t), onSettled: refresh,
  });
  const undo = () => {
    if (last.current) undoing.mutate(last.current);
    last.current = null;
  };
  const answering = useMutation({
    mutationFn: ({ question, same }: Answer) => client.identity.decide({ id: question.id, version: question.version, same }),
    onMutate: async ({ question }) => {
      await queries.cancelQueries({ queryKey: listKey() });
      const before = queries.getQueriesData<Pages>({ queryKey: listKey() });
      queries.setQueriesData<Pages>({ queryKey: listKey() }, (old) => (old ? { ...old, pages: old.pages.map((page) => ({ ...page, items: page.items.filter((item) => item.id !== question.id) })) } : old));
      return before;
    },
    onError: (error, _answer, before) => {
      for (const [key, data] of before ?? []) queries.setQueryData(key, data);
      notifyError(error, t);
    },
    onSuccess: (answered, { same }) => {
      last.current = answered;
      notify({ message: t(same ? 'identify:notice.same' : 'identify:notice.different'), action: { label: t('common:undo'), run: undo } });
    },
    onSettled: refresh,
  });
  return { answer: (question: IdentityQuestion, same: boolean) => answering.mutate({ question, same }), undo, undoOf: (question: IdentityQuestion) => undoing.mutate(question) };
}

function Title({ title, other }: { readonly title: string; readonly other: string }) {
  return <p className="identify-title" dir="auto">{compareTitles(title, other).map((part, i) => (part.shared ? <span key={i}>{part.text}</span> : <mark key={i}>{part.text}</mark>))}</p>;
}

const alike = (a: string | null, b: string | null) => a === null || b === null || a.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '') === b.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');

function Pair({ question }: { readonly question: IdentityQuestion }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { offer, product } = question;
  const fact = (key: string, value: string | null, differs = false) => (value === null ? null : <><dt>{t(`identify:fact.${key}`)}</dt><dd data-differs={differs}>{value}</dd></>);
  const packs = (count: number) => (count === 1 && question.packUnknown ? t('identify:pack-not-said') : count === 1 ? t('identify:single') : t('identify:pack', { count }));
  const packDiffers = offer.packSize !== product.packSize;
  return (
    <div className="identify-pair">
      <section className="card identify-side" aria-label={t('identify:offer')}>
        <h2>{t('identify:offer')} · {offer.sourceName}</h2>
        <Title title={offer.title} other={product.title} />
        <dl className="identify-facts">
          {fact('brand', offer.brand, !alike(offer.brand, product.brand))}
          {fact('part-number', offer.mpn, !alike(offer.mpn, product.mpn))}
          {fact('pack', packs(offer.packSize), packDiffers)}
          {fact('code', offer.gtin)}
          <dt>{t('identify:fact.price')}</dt><dd><Money value={offer.price} /></dd>
        </dl>
        <a href={offer.url} target="_blank" rel="noreferrer" className="row small">{t('identify:look')} <IconExternalLink size="0.875rem" aria-hidden="true" /></a>
      </section>
      <section className="card identify-side" aria-label={t('identify:product')}>
        <h2>{t('identify:product')}</h2>
        <Title title={product.title} other={offer.title} />
        <dl className="identify-facts">
          {fact('brand', product.brand, !alike(offer.brand, product.brand))}
          {fact('part-number', product.mpn, !alike(offer.mpn, product.mpn))}
          {fact('pack', packs(product.packSize), packDiffers)}
          {fact('asin', product.asin)}
          {fact('category', product.category?.replaceAll('-', ' ') ?? null)}
        </dl>
        <p className="small muted">{t('identify:likely', { percent: format.percent(question.probabilityBp) })}{question.packUnknown ? ` ${t('identify:pack-unknown')}` : ''}</p>
        {question.opinion ? <p className="small">{t(`identify:opinion.${question.opinion.verdict}`)} {question.opinion.why}</p> : null}
      </section>
    </div>
  );
}

function Answered({ question, onUndo }: { readonly question: IdentityQuestion; readonly onUndo: () => void }) {
  const { t } = useTranslation();
  return (
    <li className="identify-answered">
      <div className="grow stack" style={{ gap: 0 }}>
        <span className="truncate" dir="auto">{question.offer.title}</span>
        <span className="small muted truncate" dir="auto">{question.product.title}</span>
      </div>
      <StatusBadge tone={question.state === 'same' ? 'done' : 'ended'} label={t(`identify:view.${question.state}`)} />
      <span className="small muted">{t(`identify:by.${question.decidedBy ?? 'person'}`)} · <RelativeTime at={question.decidedAt ?? question.askedAt} /></span>
      <Button size="compact-sm" variant="default" onClick={onUndo}>{t('identify:ask-again')}</Button>
    </li>
  );
}

/** Offers that may be a product and that the program will not guess at: one question at a time, answered by a key. */
export function IdentifyPage() {
  const { t } = useTranslation();
  const [view, setView] = useState<View>('open');
  const query = useInfiniteQuery(orpc.identity.list.infiniteOptions({ input: (cursor: string | undefined) => ({ state: view, ...cursorInput(cursor) }), ...PAGING }));
  const { answer, undo, undoOf } = useAnswers();
  const questions = query.data?.pages.flatMap((page) => page.items) ?? [];
  const current = view === 'open' ? questions[0] : undefined;
  const reply = (same: boolean) => {
    if (!current) return;
    answer(current, same);
    if (questions.length < 10 && query.hasNextPage) void query.fetchNextPage();
  };
  useShortcuts([
    { keys: ['y'], shown: 'Y', label: t('identify:same'), run: () => reply(true) },
    { keys: ['n'], shown: 'N', label: t('identify:different'), run: () => reply(false) },
    { keys: ['u'], shown: 'U', label: t('common:undo'), run: undo },
  ], view === 'open');
  const body = query.isError ? <ErrorState error={query.error} onRetry={() => void query.refetch()} />
    : query.isPending ? <div className="identify" role="status" aria-label={t('common:loading')}><div className="identify-pair"><Skeleton height="15rem" /><Skeleton height="15rem" /></div></div>
      : questions.length === 0 ? <EmptyState icon={<IconPuzzle size="1.75rem" stroke={1.5} />} title={t(`identify:empty.${view}`)}>{t('identify:empty-text')}</EmptyState>
        : current ? (
          <div className="identify">
            <p className="muted">{query.hasNextPage ? t('identify:question-more', { count: questions.length }) : t('identify:question', { count: questions.length })}</p>
            <Pair key={current.id} question={current} />
            <div className="card identify-answer">
              <h2>{t('identify:ask')}</h2>
              <div className="row">
                <Button variant="default" leftSection={<IconX size="0.875rem" />} rightSection={<KeyHint keys="N" />} onClick={() => reply(false)}>{t('identify:different')}</Button>
                <Button leftSection={<IconCheck size="0.875rem" />} rightSection={<KeyHint keys="Y" />} onClick={() => reply(true)}>{t('identify:same')}</Button>
              </div>
            </div>
          </div>
        ) : (
          <div className="identify">
            <ul className="card">{questions.map((question) => <Answered key={question.id} question={question} onUndo={() => undoOf(question)} />)}</ul>
            {query.hasNextPage ? <Button variant="default" onClick={() => void query.fetchNextPage()}>{t('identify:more')}</Button> : null}
          </div>
        );
  const views = <SegmentedControl size="xs" value={view} onChange={(value) => setView(value as View)} data={VIEWS.map((value) => ({ value, label: t(`identify:view.${value}`) }))} aria-label={t('identify:views')} />;
  return <Page title={t('frame:page.identify')} tools={views} scroll>{body}</Page>;
}

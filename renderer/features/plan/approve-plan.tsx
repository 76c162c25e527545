import { Button, Group, Modal } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CapitalPlanView, PlanLine } from '#contract/capital.ts';
import type { Reason } from '#contract/shared.ts';
import { client, orpc } from '../../rpc/client.ts';
import { codeOf, describeError } from '../../rpc/describe-error.ts';
import { useFormat } from '../../ui/format.ts';
import { Money } from '../../ui/money.tsx';
import { useWordReason } from '../../ui/reason.tsx';
import { StatusBadge, type StatusTone } from '../../ui/status-badge.tsx';

type Standing = { readonly state: 'waiting' | 'approving' | 'approved' } | { readonly state: 'refused'; readonly why: string };
const TONES: Readonly<Record<Standing['state'], StatusTone>> = { waiting: 'idle', approving: 'running', approved: 'done', refused: 'attention' };

/** One approval after the other, each weighed anew by the engine as if a person clicked it: what a limit refuses is left, and said. Can be stopped between two. */
function useApprovals(lines: readonly PlanLine[]) {
  const { t } = useTranslation();
  const word = useWordReason();
  const queries = useQueryClient();
  const [standings, setStandings] = useState<Readonly<Record<string, Standing>>>({});
  const [running, setRunning] = useState(false);
  const stopped = useRef(false);
  const put = (id: string, standing: Standing) => setStandings((old) => ({ ...old, [id]: standing }));
  const wordError = (error: unknown) => {
    const { title, data } = describeError(error, t);
    return codeOf(error) === 'LIMIT' && Array.isArray(data['reasons']) ? (data['reasons'] as Reason[]).map(word).join(' ') : title;
  };
  const run = async () => {
    stopped.current = false;
    setRunning(true);
    for (const { opportunityId: id, version, quantity } of lines) {
      if (stopped.current) break;
      put(id, { state: 'approving' });
      try {
        await client.opportunities.approve({ id, version, quantity });
        put(id, { state: 'approved' });
      } catch (error) {
        put(id, { state: 'refused', why: wordError(error) });
        // without an engine, or with everything stopped, no other will pass either
        if (['OFFLINE', 'KILL_SWITCH'].includes(codeOf(error))) break;
      }
    }
    setRunning(false);
    for (const key of [orpc.capital.key(), orpc.opportunities.key(), orpc.purchases.key(), orpc.system.today.key()]) void queries.invalidateQueries({ queryKey: key });
  };
  return { standings, running, run, stop: () => { stopped.current = true; } };
}

/** The consent: what is bought, what it comes to beside what may be spent, then each approval with its outcome. */
export function ApprovePlan({ plan, onClose }: { readonly plan: CapitalPlanView; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { standings, running, run, stop } = useApprovals(plan.lines);
  const begun = Object.keys(standings).length > 0;
  const approved = Object.values(standings).filter((one) => one.state === 'approved').length;
  return (
    <Modal opened onClose={() => { stop(); onClose(); }} title={<strong>{t('plan:confirm.title', { count: plan.lines.length })}</strong>} closeButtonProps={{ 'aria-label': t('common:close') }} size="lg">
      <div className="stack" style={{ gap: '0.75rem' }}>
        <p>{t('plan:confirm.text', { total: format.money(plan.spent), available: format.money(plan.cash.available), bound: t(`plan:bound.${plan.cash.boundBy}`) })}</p>
        <ul className="plan-approving" aria-live="polite">
          {plan.lines.map((line) => {
            const standing = standings[line.opportunityId] ?? { state: 'waiting' as const };
            return (
              <li key={line.opportunityId}>
                <span className="truncate" title={line.title}>{format.number(line.quantity)} × {line.title}</span>
                <span className="row"><Money value={line.cost} />{begun ? <StatusBadge tone={TONES[standing.state]} label={t(`plan:standing.${standing.state}`)} /> : null}</span>
                {standing.state === 'refused' ? <p className="small attention">{standing.why}</p> : null}
              </li>
            );
          })}
        </ul>
      </div>
      <Group justify="flex-end" mt="lg" gap="xs">
        {begun && !running ? <span className="small muted" role="status">{t('plan:confirm.done', { count: approved, all: plan.lines.length })}</span> : null}
        <Button variant="default" onClick={() => { stop(); if (!running) onClose(); }} data-autofocus>{t(running ? 'plan:confirm.stop' : begun ? 'common:close' : 'common:keep')}</Button>
        {begun && !running ? null : <Button onClick={() => void run()} loading={running}>{t('plan:confirm.action', { count: plan.lines.length, total: format.money(plan.spent) })}</Button>}
      </Group>
    </Modal>
  );
}

import { Anchor } from '@mantine/core';
import { IconAlertTriangle, IconBan, IconExternalLink, IconInfoCircle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Risk } from '#contract/opportunities.ts';
import { useWordReason } from './reason.tsx';
import { RelativeTime } from './relative-time.tsx';

const SEVERITY_ICONS = { info: IconInfoCircle, warning: IconAlertTriangle, block: IconBan } as const;

/** Where the saved answers of a panel stand, by their kind: what a risk's way to its answer opens. */
export const savedAnswerId = (kind: string): string => `answer-${kind}`;

/** Opens the saved answer that stands on the same page, and goes there. */
function showAnswer(kind: string): void {
  const answer = document.getElementById(savedAnswerId(kind));
  if (!(answer instanceof HTMLDetailsElement)) return;
  answer.open = true;
  answer.scrollIntoView({ block: 'center' });
  answer.querySelector('summary')?.focus();
}

/** What was judged before sources were told has the decision's name in the place of one. */
const sourceOf = ({ source, data }: Risk) => (source === 'decision' && typeof data['source'] === 'string' ? data['source'] : source);

export interface RiskListProps {
  readonly risks: readonly Risk[];
  /** The saved answers stand on the same page, under `savedAnswerId`. */
  readonly answers?: boolean;
}

/** What can go wrong, each with how grave it is, who says so, since when, and the way to where it is said. */
export function RiskList({ risks, answers = false }: RiskListProps) {
  const { t } = useTranslation();
  const word = useWordReason();
  return (
    <ul className="stack">
      {risks.map((risk) => {
        const Icon = SEVERITY_ICONS[risk.severity];
        const source = sourceOf(risk);
        return (
          <li key={risk.code} className="reason">
            <Icon size="1rem" className={risk.severity === 'info' ? 'muted' : 'attention'} aria-hidden="true" />
            <span>
              {word(risk)}
              <span className="small muted"> · {t(`reasons:risk.severity.${risk.severity}`)} · {t(`reasons:risk.source.${source}`, { defaultValue: source })}</span>
              {typeof risk.asOf === 'number' ? <span className="small muted"> · <RelativeTime at={risk.asOf} /></span> : null}
              {risk.url ? <span className="small"> · <Anchor inherit href={risk.url} target="_blank" rel="noreferrer noopener">{t(risk.kind === 'answer' ? 'reasons:risk.there' : 'reasons:risk.page')} <IconExternalLink size="0.75rem" aria-hidden="true" style={{ verticalAlign: '-0.1em' }} /></Anchor></span> : null}
              {answers && risk.evidence ? <span className="small"> · <Anchor inherit component="button" type="button" onClick={() => showAnswer(risk.evidence!)}>{t('reasons:risk.answer')}</Anchor></span> : null}
            </span>
          </li>
        );
      })}
    </ul>
  );
}

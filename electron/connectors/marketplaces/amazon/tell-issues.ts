import { ConnectorError } from '#kernel/errors.ts';
import type { SpIssue } from './schema.ts';

/** What Amazon does about an issue, in plain words. */
const ACTIONS: Readonly<Record<string, string>> = {
  LISTING_SUPPRESSED: 'buyers cannot buy it', ATTRIBUTE_SUPPRESSED: 'the value is not shown', CATALOG_ITEM_REMOVED: 'Amazon has removed the product page', SEARCH_SUPPRESSED: 'buyers do not find it by searching',
};

const plainName = (attribute: string) => attribute.replaceAll('_', ' ');

/** One issue as a sentence: what Amazon says, what it is about, and what follows from it. */
export function tellIssue(issue: SpIssue): string {
  const about = (issue.attributeNames ?? []).map(plainName);
  const follows = (issue.enforcements?.actions ?? []).map(({ action }) => ACTIONS[action] ?? action.toLowerCase().replaceAll('_', ' '));
  return `${issue.message.trim().replace(/\.$/, '')}${about.length > 0 ? ` (about: ${about.join(', ')})` : ''}${follows.length > 0 ? `; ${follows.join(', ')}` : ''}`;
}

/** Issues that keep a listing from being sold: errors, but for those that Amazon only hides a value for. */
export function stoppingIssues(issues: readonly SpIssue[] | null | undefined): SpIssue[] {
  return (issues ?? []).filter((issue) => {
    if (issue.severity !== 'ERROR') return false;
    const actions = issue.enforcements?.actions.map(({ action }) => action) ?? [];
    return actions.length === 0 || actions.some((action) => action !== 'ATTRIBUTE_SUPPRESSED' && action !== 'SEARCH_SUPPRESSED');
  });
}

export function refusedBy(issues: readonly SpIssue[], operation: string): ConnectorError {
  const first = issues[0];
  return new ConnectorError({
    kind: 'Rejected', connector: 'amazon-sp-api', operation, httpStatus: 200, ...(first ? { code: first.code } : {}),
    message: first ? issues.slice(0, 4).map(tellIssue).join('. ') : 'Amazon does not take the listing, and names no issue',
  });
}

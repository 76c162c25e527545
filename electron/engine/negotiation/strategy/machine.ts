/** The states of a talk. A person may take it over from any state that is not an end; then the program says nothing more until it is handed back. */
export type TalkState = 'drafted' | 'awaiting-reply' | 'deciding' | 'needs-person' | 'taken-over' | 'agreed' | 'walked-away' | 'rejected' | 'unavailable' | 'timed-out' | 'opted-out';

export const TALK_TRANSITIONS: Readonly<Record<TalkState, readonly TalkState[]>> = {
  drafted: ['awaiting-reply', 'needs-person', 'agreed', 'walked-away', 'rejected', 'unavailable', 'taken-over', 'opted-out'],
  'awaiting-reply': ['deciding', 'needs-person', 'agreed', 'walked-away', 'rejected', 'unavailable', 'timed-out', 'opted-out', 'taken-over'],
  deciding: ['awaiting-reply', 'needs-person', 'agreed', 'walked-away', 'rejected', 'unavailable', 'taken-over', 'opted-out', 'timed-out'],
  'needs-person': ['deciding', 'awaiting-reply', 'agreed', 'walked-away', 'rejected', 'unavailable', 'timed-out', 'opted-out', 'taken-over'],
  'taken-over': ['drafted', 'deciding', 'awaiting-reply', 'agreed', 'walked-away', 'rejected', 'unavailable', 'timed-out', 'opted-out'],
  agreed: [], 'walked-away': [], rejected: [], unavailable: [], 'timed-out': [], 'opted-out': [],
};

export const isEnd = (state: TalkState): boolean => TALK_TRANSITIONS[state].length === 0;
export const canBecome = (from: TalkState, to: TalkState): boolean => TALK_TRANSITIONS[from].includes(to);

/** What a command leaves: JSON for programs, text for people. */
export interface Answer {
  readonly json: unknown;
  readonly text: string;
  readonly exitCode?: number;
}

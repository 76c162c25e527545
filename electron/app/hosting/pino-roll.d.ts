declare module 'pino-roll' {
  /** A stream for pino that begins a new file each day or when one is full (pino-roll 4). */
  export default function build(options: {
    readonly file: string;
    readonly frequency: 'daily' | 'hourly' | number;
    readonly dateFormat?: string;
    readonly size?: string;
    readonly mkdir?: boolean;
    readonly sync?: boolean;
    /** `count` older files are kept; with `removeOtherLogFiles` those of earlier runs count too. */
    readonly limit?: { readonly count: number; readonly removeOtherLogFiles?: boolean };
  }): Promise<{ write(line: string): void; end(): void; on(event: 'error', listener: (error: Error) => void): void }>;
}

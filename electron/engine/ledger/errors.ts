/** A booking that must not be: always a bug, never an expected outcome, so no contract declares it and the transaction rolls back. */
export class BookingError extends Error {
  readonly key: string;
  constructor(key: string, reason: string) {
    super(`cannot book ${key}: ${reason}`);
    this.name = 'BookingError';
    this.key = key;
  }
}

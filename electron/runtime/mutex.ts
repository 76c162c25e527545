/** Lets one holder in at a time, in order of asking. */
export class Mutex {
  #tail: Promise<void> = Promise.resolve();
  #held = 0;

  /** True while somebody holds it or waits for it. */
  get busy(): boolean {
    return this.#held > 0;
  }

  /** Resolves when it is this caller's turn, to the function that ends it; calling that twice does nothing. */
  async acquire(): Promise<() => void> {
    const before = this.#tail;
    let open!: () => void;
    this.#tail = new Promise<void>((resolve) => (open = resolve));
    this.#held++;
    await before;
    let released = false;
    return () => {
      if (released) return;
      released = true;
      this.#held--;
      open();
    };
  }
}

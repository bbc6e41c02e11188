// What is typed and not kept yet. Whoever ends the app waits until it is.

export class Unsaved {
  readonly #savers = new Set<() => Promise<unknown>>();

  /** `save` keeps what there is at that moment. Answers how to stop. */
  add(save: () => Promise<unknown>): () => void {
    this.#savers.add(save);
    return () => this.#savers.delete(save);
  }

  /** Resolves when all is kept, or cannot be. */
  async saveAll(): Promise<void> {
    await Promise.allSettled([...this.#savers].map((save) => save()));
  }
}

/** The account's registered public keys, one per line, with earlier versions of the list. */
export class RegisteredSshKeys {
  #sets: readonly { readonly fromMs: number; readonly keys: readonly string[] }[]

  constructor(keys: readonly string[]) {
    this.#sets = [{ fromMs: Number.NEGATIVE_INFINITY, keys }]
  }

  get current(): readonly string[] {
    return this.#sets.at(-1)?.keys ?? []
  }

  /** The keys of a container that started at `atMs`; keys registered later don't reach it. */
  at(atMs: number): readonly string[] {
    return [...this.#sets].reverse().find(({ fromMs }) => fromMs <= atMs)?.keys ?? []
  }

  replace(keys: readonly string[], atMs: number): void {
    this.#sets = [...this.#sets, { fromMs: atMs, keys }]
  }
}

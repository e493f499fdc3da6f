/** The public keys that an account has registered, one line each, and those that it had before. */
export class SshKeys {
  #sets: readonly { readonly fromMs: number; readonly keys: readonly string[] }[]

  constructor(keys: readonly string[]) {
    this.#sets = [{ fromMs: Number.NEGATIVE_INFINITY, keys }]
  }

  get current(): readonly string[] {
    return this.#sets.at(-1)?.keys ?? []
  }

  /** Those that a container which started at `atMs` was given: later ones do not reach it. */
  at(atMs: number): readonly string[] {
    return [...this.#sets].reverse().find(({ fromMs }) => fromMs <= atMs)?.keys ?? []
  }

  replace(keys: readonly string[], atMs: number): void {
    this.#sets = [...this.#sets, { fromMs: atMs, keys }]
  }
}

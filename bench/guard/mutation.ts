/** A mistake that someone could make: `from`, which occurs once in the file, is replaced by `to`. */
export interface Mutation {
  readonly description: string
  /** Relative to `src`. */
  readonly file: string
  readonly from: string
  readonly to: string
  /** The account with which the search begins: where few have what it takes, one that has. */
  readonly firstSeed: number
}

export const mutation = (
  file: string,
  description: string,
  from: string,
  to: string,
  firstSeed = 1,
): Mutation => ({
  file: file.startsWith('providers/') ? `${file}.ts` : `core/${file}.ts`,
  description,
  from,
  to,
  firstSeed,
})

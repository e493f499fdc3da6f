/** A mistake that somebody could make: `from`, which occurs once in the file, is replaced by `to`. */
export interface Mutation {
  readonly description: string
  /** Relative to `src`. */
  readonly file: string
  readonly from: string
  readonly to: string
}

export const mutation = (file: string, description: string, from: string, to: string): Mutation => ({
  file: file.startsWith('providers/') ? `${file}.ts` : `core/${file}.ts`,
  description,
  from,
  to,
})

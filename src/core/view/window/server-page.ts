/** What windows show of the server that keeps an account: jobs of its queue, or what it did. */
export const serverPages = ['queue', 'activity'] as const
export type ServerPageKind = (typeof serverPages)[number]

export interface ServerRow {
  /** Unix ms. */
  readonly atMs: number
  readonly text: string
  /** Of a job: its state. Of an action: the computer that did it. Null: not known. */
  readonly detail: string | null
}

export interface ServerPage {
  readonly host: string
  /** When `rows` were read, Unix ms; null: never. */
  readonly readAtMs: number | null
  /** Why they can't be read now, as a clause; null: they were. */
  readonly problem: string | null
  readonly rows: readonly ServerRow[]
}

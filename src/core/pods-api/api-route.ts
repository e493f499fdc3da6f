import type { GenericSchema } from 'valibot'
import type { ApiScope } from './api-types'
import type { ApiHandler } from './pod-routes'

export interface ApiRoute {
  readonly method: 'GET' | 'POST' | 'PATCH'
  /** Below the prefix; `:id` matches one segment. */
  readonly path: string
  readonly scope: ApiScope
  /** Whether the page calls it planned, or doesn't call it shipped. */
  readonly isPlanned?: true
  /** Podkeeper adds it to the page. */
  readonly isOwn?: true
  /** It shows and changes nothing but the pods that a token is for. Absent: a token for some pods is refused. */
  readonly isForSomePods?: true
  readonly handle: ApiHandler
  /** One sentence, for the document. */
  readonly summary: string
  readonly query?: readonly ApiParameter[]
  readonly body?: { readonly name: string; readonly schema: GenericSchema }
  /** `plain`: without the envelope. */
  readonly reply: {
    readonly form: 'object' | 'list' | 'plain'
    readonly name: string
    readonly schema: GenericSchema
    /** The statuses of success, the usual one first. */
    readonly statuses: readonly number[]
  }
}

export interface ApiParameter {
  readonly name: string
  readonly isRequired?: true
  readonly description: string
  /** JSON Schema; a string unless given. */
  readonly schema?: Readonly<Record<string, unknown>>
}

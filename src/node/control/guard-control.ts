import * as v from 'valibot'
import type { PodGuardChange } from '../../core/pod-guard/pod-guard-change'
import { sharedArguments } from '../../shared/requests/shared-arguments'
import { id, text } from './control-fields'

/* The requests of commands about guards in pods, as in control-requests.ts. */

export interface GuardControlRequests {
  /** The guard of a running pod as it was last read, in words; null: none is wanted. And the script. */
  podGuard: (podId: string) => PodGuardReply
  /** Confirmed where it was asked for. */
  changePodGuard: (podId: string, change: PodGuardChange) => void
}

export interface PodGuardReply {
  /** What would be installed; null: a pod of this account can't have a guard. */
  readonly script: string | null
  readonly guard: {
    readonly state: string
    readonly text: string
    readonly detail: string
    /** What other computers set in it. */
    readonly others: readonly OtherInGuard[]
  } | null
}

export interface OtherInGuard {
  readonly id: string
  readonly name: string
  /** A sentence that begins with the name. */
  readonly text: string
}

export const guardRequestSchemas = {
  podGuard: v.strictTuple([id]),
  changePodGuard: v.strictTuple([id, ...sharedArguments.changePodGuard]),
}

export const guardReplySchemas = {
  podGuard: v.object({
    script: v.nullable(text),
    guard: v.nullable(
      v.object({
        state: text,
        text,
        detail: text,
        others: v.pipe(v.array(v.object({ id, name: text, text })), v.maxLength(64)),
      }),
    ),
  }),
  changePodGuard: v.optional(v.null()),
}

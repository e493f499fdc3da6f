import type { PodId } from './pod'

/** Actions that can be intended today. */
export type IntentAction = 'start' | 'stop'

/** Where an action stands; see the diagram in this file's head. */
export type IntentPhase =
  'scheduled' | 'sent' | 'accepted' | 'observed' | 'cancelled' | 'failed' | 'did-not-happen'

/** An intent as windows draw it. */
export interface IntentView {
  readonly id: string
  readonly podId: PodId
  readonly action: IntentAction
  readonly phase: IntentPhase
  /** Unix ms until which it can be undone; null once that is over. Only while `scheduled`. */
  readonly undoUntilMs: number | null
  /** For people, in the API's own words where it gave any: why it failed, was cancelled, or waits. */
  readonly message: string | null
  /** When it got to this phase, Unix ms. */
  readonly atMs: number
}

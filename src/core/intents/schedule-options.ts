import type { IntentRequest } from './intent'

/** How the user asked for an action. See `IntentRequest`. */
export type ActOptions = Pick<
  IntentRequest,
  'isImmediate' | 'undoMs' | 'isFromCommandLine' | 'personName' | 'tokenName' | 'jobRequestId' | 'isPlanned'
> &
  Partial<Pick<IntentRequest, 'id'>>

/** `earlierFailures`: see `Intent`. */
export type RuleOptions = Partial<Pick<IntentRequest, 'id' | 'earlierFailures'>>

/** A request of which the runner adds the rest. */
export type NewIntent = Omit<IntentRequest, 'id' | 'accountId'> & Partial<Pick<IntentRequest, 'id'>>

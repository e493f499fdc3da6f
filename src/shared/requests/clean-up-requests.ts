import * as v from 'valibot'
import type { CleanUpView } from '../../core/clean-up/clean-up-view'
import type { ShownTemplate } from '../../core/pods/catalog'
import type { AccountId } from '../../core/pods/pod'
import type { AnsweredChange } from './change-requests'
import { idSchema } from './field-schemas'

/** The part of the contract for what may be left over. */
export interface CleanUpRequestsOfWindows {
  /** As of the last lists of pods and volumes; templates and keys are read, at most once a minute. */
  cleanUp: (accountId: AccountId) => CleanUpView
  /** Confirmed by its name in the app's own window first. */
  deleteTemplate: (accountId: AccountId, template: ShownTemplate) => AnsweredChange
}

export const cleanUpRequestSchemas = {
  cleanUp: v.tuple([idSchema]),
  deleteTemplate: v.tuple([
    idSchema,
    v.strictObject({ id: idSchema, name: v.pipe(v.string(), v.maxLength(1_000)) }),
  ]),
} satisfies {
  [K in keyof CleanUpRequestsOfWindows]: v.GenericSchema<unknown, Parameters<CleanUpRequestsOfWindows[K]>>
}

import * as v from 'valibot'
import {
  podEditSchema,
  shownConfigurationSchema,
  shownEndpointSchema,
  volumeChangeSchema,
} from '../../core/changes/parse-change'
import { podGuardChangeSchema } from '../../core/pod-guard/pod-guard-change'
import { podRuleChangesSchema } from '../../core/pod-rules/pod-rules'
import { jobActions, moveTargetSchema, scheduleRulesSchema } from '../../core/queue/jobs/job-codec'
import { jobIdSchema, podKeySchema } from '../../core/queue/jobs/job-spec'
import { idSchema } from './field-schemas'

export const settingValueSchema = v.union([
  v.pipe(v.string(), v.maxLength(2_000)),
  v.number(),
  v.boolean(),
  v.null(),
])

/**
 * What windows and commands give alike. Before it, a window names the pod or the account; a command names the account
 * with each request, so only the pod.
 */
export const sharedArguments = {
  startWhenFree: [],
  changeVolume: [volumeChangeSchema],
  setMinimumToZero: [shownEndpointSchema],
  editPod: [podEditSchema, v.nullable(shownConfigurationSchema)],
  changePodRules: [podRuleChangesSchema],
  setAutoStop: [v.picklist(['off', 'ticked', 'all'])],
  changePodGuard: [podGuardChangeSchema],
  settings: [],
  changeSetting: [idSchema, settingValueSchema],
  resetSetting: [idSchema],
  changeJob: [jobIdSchema, v.picklist(jobActions)],
  moveJob: [jobIdSchema, moveTargetSchema],
  runJob: [jobIdSchema, v.nullable(podKeySchema)],
  skipStart: [podKeySchema],
  setSchedule: [scheduleRulesSchema],
  jobLog: [jobIdSchema, v.pipe(v.number(), v.integer(), v.minValue(0))],
} as const

import * as v from 'valibot'
import type { ReadonlyOutput } from '../../base/readonly-output'
import { type Job, jobSchema } from './job'
import { accountIdSchema, jobIdSchema, line, podKeySchema, variableNameSchema } from './job-spec'

/* Schemas of what is stored in the journal of jobs, and of what windows and commands ask for. */

/** A change of a job that needs nothing else. `restore` takes a removal back, for a minute. */
export const jobActions = ['hold', 'release', 'cancel', 'retry', 'duplicate', 'remove', 'restore'] as const
export type JobAction = (typeof jobActions)[number]

export const moveTargetSchema = v.union([
  v.strictObject({ beforeJobId: jobIdSchema }),
  v.picklist(['first', 'last']),
])

/** Values of variables by name. They are secrets. */
export const jobVariablesSchema = v.pipe(
  v.record(variableNameSchema, v.pipe(v.string(), v.maxLength(32_768), v.regex(/^[^\0]*$/))),
  v.check((values) => Object.keys(values).length <= 200),
)

const usdPerHour = v.pipe(v.number(), v.finite(), v.minValue(0.01), v.maxValue(10_000))
/** The host key that the pod shows first after such a start is accepted. Absent: a person has to. */
const acceptsNewKey = v.exactOptional(v.literal(true))

const startRuleSchema = v.strictObject({
  podKey: podKeySchema,
  /** What it may cost, USD per hour with its disks. */
  maxPerHourUsd: usdPerHour,
  acceptsNewKey,
})

/** A stopped pod may be started for a job. */
export type StartRule = ReadonlyOutput<typeof startRuleSchema>

const createRuleSchema = v.strictObject({
  accountId: accountIdSchema,
  presetName: line(200),
  /** Of the content of the preset when a person allowed it: another preset of that name creates nothing. */
  digest: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
  maxPerHourUsd: usdPerHour,
  acceptsNewKey,
})

/** A pod may be created for a job, one at a time. */
export type CreateRule = ReadonlyOutput<typeof createRuleSchema>

export const scheduleRulesSchema = v.strictObject({
  /** Pods and accounts with auto-schedule on. */
  podKeys: v.pipe(v.array(podKeySchema), v.maxLength(1_000)),
  accountIds: v.pipe(v.array(accountIdSchema), v.maxLength(1_000)),
  /** Nothing is suggested or started; what runs goes on. */
  isPaused: v.boolean(),
  /** Of pods with auto-schedule on. Absent: no pod is started for a job. */
  starts: v.exactOptional(v.pipe(v.array(startRuleSchema), v.maxLength(1_000))),
  /** Of accounts with auto-schedule on. Absent: no pod is created for a job. */
  creates: v.exactOptional(v.pipe(v.array(createRuleSchema), v.maxLength(200))),
})

/** Where jobs may be started automatically, and for how long the rest of the program asks before it does. */
export type ScheduleRules = ReadonlyOutput<typeof scheduleRulesSchema>

export const noSchedule: ScheduleRules = { podKeys: [], accountIds: [], isPaused: false }

/** The version of the lines of the journal. A line of a later one is never dropped. */
export const QUEUE_FORMAT = 1
const RULES_ID = 'rules'

const format = v.literal(QUEUE_FORMAT)
const recordSchema = v.variant('kind', [
  v.pipe(
    v.object({ id: jobIdSchema, format, kind: v.literal('job'), job: jobSchema }),
    v.check(({ id, job }) => id === job.id),
  ),
  v.object({ id: jobIdSchema, format, kind: v.literal('removed') }),
  v.object({ id: v.literal(RULES_ID), format, kind: v.literal('rules'), rules: scheduleRulesSchema }),
])

/** One line of the journal: the state of a job, that it was removed, or the rules. */
export type QueueRecord = ReadonlyOutput<typeof recordSchema>

export const jobRecord = (job: Job): QueueRecord => ({ id: job.id, format: QUEUE_FORMAT, kind: 'job', job })
export const removalRecord = (id: string): QueueRecord => ({ id, format: QUEUE_FORMAT, kind: 'removed' })

export const rulesRecord = (rules: ScheduleRules): QueueRecord => ({
  id: RULES_ID,
  format: QUEUE_FORMAT,
  kind: 'rules',
  rules,
})

/** The rule with the choice on or off. */
export function withNewKey<T extends StartRule | CreateRule>(
  { acceptsNewKey: _before, ...rule }: T,
  isOn: boolean,
): T {
  return (isOn ? { ...rule, acceptsNewKey: true } : rule) as T
}

/** A line of the journal; null for one that is damaged. */
export function parseQueueRecord(value: unknown): QueueRecord | null {
  const parsed = v.safeParse(recordSchema, value)
  return parsed.success ? parsed.output : null
}

const laterSchema = v.object({ format: v.pipe(v.number(), v.integer(), v.minValue(QUEUE_FORMAT + 1)) })

/** Whether a later version wrote the line. */
export const isOfLaterFormat = (value: unknown): boolean => v.is(laterSchema, value)

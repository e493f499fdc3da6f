import * as v from 'valibot'
import type { ReadonlyOutput } from '../base/readonly-output'
import { channelKinds } from '../channels/channel'
import { channelFieldSchemas, quietHoursSchema } from '../channels/channel-codec'
import { MAX_HEARTBEAT_MINUTES, MIN_HEARTBEAT_MINUTES } from '../channels/heartbeat'
import { MAX_PATTERN_RULES, patternRuleSchema, podRuleChangesSchema } from '../pod-rules/pod-rules'
import { podNamesSchema, TOKEN_NAME, type TokenRole, tokenRoles, tokenScopes } from '../pods-api/api-token'

/*
 * The file of `podkeeper apply` and `podkeeper export`. What it doesn't name stays as it is, except in the sections that
 * `only` names. See docs/product-rules.md#124-configuration-file.
 */

export const CONFIGURATION_VERSION = 1

/** Sections in which `only` removes or resets what the file doesn't name. */
export const onlySections = ['settings', 'rules', 'channels', 'tokens'] as const
export type OnlySection = (typeof onlySections)[number]

/** The modes of automatic stops by the names that people use. */
export const autoStopNames = { off: 'off', selected: 'ticked', all: 'all' } as const

/** Where a secret is: never in the file itself. */
const secretReferenceSchema = v.union(
  [
    v.strictObject({ env: v.pipe(v.string(), v.regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'must name a variable')) }),
    v.strictObject({ file: v.pipe(v.string(), v.minLength(1)) }),
  ],
  'must be { env: NAME } or { file: PATH }, because the file holds no secrets',
)
export type SecretReference = ReadonlyOutput<typeof secretReferenceSchema>

/** Null: none, unlike one that isn't named. */
const allPodsSchema = v.omit(podRuleChangesSchema, ['atMaxHours', 'startAt', 'startMaxPerHourUsd'])

const accountSchema = v.strictObject({
  autoStop: v.exactOptional(v.picklist(Object.keys(autoStopNames) as (keyof typeof autoStopNames)[])),
  allPods: v.exactOptional(allPodsSchema),
  rules: v.exactOptional(v.pipe(v.array(patternRuleSchema), v.maxLength(MAX_PATTERN_RULES))),
})

const { name, isOn, kindRoutes, route, groupMinutes, maxPerHour } = channelFieldSchemas
const { quietHoursFrom, timeZone, holdsCritical } = quietHoursSchema.entries
const channelEntrySchema = v.strictObject({
  name,
  kind: v.picklist(channelKinds),
  /** Absent: the one that is kept. */
  address: v.exactOptional(secretReferenceSchema),
  /** Of ntfy, or that signs the messages of a webhook. Not looked at without an address. */
  token: v.exactOptional(secretReferenceSchema),
  on: v.exactOptional(isOn),
  route: v.exactOptional(route),
  routes: v.exactOptional(kindRoutes),
  quietHours: v.exactOptional(
    v.nullable(
      v.strictObject({
        from: quietHoursFrom,
        to: quietHoursFrom,
        timeZone: v.optional(timeZone, null),
        holdsCritical: v.optional(holdsCritical, false),
      }),
    ),
  ),
  groupMinutes: v.exactOptional(groupMinutes),
  maxPerHour: v.exactOptional(maxPerHour),
})
export type ChannelEntry = ReadonlyOutput<typeof channelEntrySchema>

const tokenEntrySchema = v.strictObject({
  name: v.pipe(
    v.string(),
    v.regex(TOKEN_NAME, 'has up to 40 letters, digits, spaces, dots, dashes and underscores'),
  ),
  /** Or a role, which is a name for some. */
  scopes: v.exactOptional(v.pipe(v.array(v.picklist(tokenScopes)), v.minLength(1))),
  role: v.exactOptional(v.picklist(Object.keys(tokenRoles) as TokenRole[])),
  /** Names of accounts. Absent: all. */
  accounts: v.exactOptional(v.array(v.string())),
  /** Patterns of names of pods, with `*` and `?`. Absent: all, and what isn't about one. */
  pods: v.exactOptional(podNamesSchema),
  maxHourlyUsd: v.exactOptional(v.pipe(v.number(), v.finite(), v.gtValue(0))),
  /** Such as "30d", from the moment that it is created, or "never". Absent: 90 days. */
  expires: v.exactOptional(v.string()),
})

const heartbeatSchema = v.strictObject({
  /** Absent: the one that is kept. */
  address: v.exactOptional(secretReferenceSchema),
  everyMinutes: v.exactOptional(
    v.pipe(
      v.number(),
      v.minValue(MIN_HEARTBEAT_MINUTES, `must be at least ${MIN_HEARTBEAT_MINUTES}`),
      v.maxValue(MAX_HEARTBEAT_MINUTES, `must be at most ${MAX_HEARTBEAT_MINUTES}`),
    ),
  ),
})

export const configurationSchema = v.strictObject({
  podkeeper: v.literal(CONFIGURATION_VERSION, 'must be 1: this program reads no other version of the file'),
  only: v.exactOptional(v.array(v.picklist(onlySections))),
  settings: v.exactOptional(v.record(v.string(), v.nullable(v.union([v.string(), v.number(), v.boolean()])))),
  /** By the name of the account. */
  accounts: v.exactOptional(v.record(v.string(), accountSchema)),
  channels: v.exactOptional(v.array(channelEntrySchema)),
  tokens: v.exactOptional(v.array(tokenEntrySchema)),
  /** A dead-man's switch that is told while pods are watched. Null removes it. */
  heartbeat: v.exactOptional(v.nullable(heartbeatSchema)),
})
export type Configuration = ReadonlyOutput<typeof configurationSchema>

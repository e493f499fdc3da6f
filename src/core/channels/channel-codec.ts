import * as v from 'valibot'
import { alertKinds } from '../alerts/alert'
import { isObject } from '../base/parse-json'
import { timeOfDayProblem } from '../settings/definitions/quiet-hours'
import {
  type Channel,
  type ChannelChanges,
  channelKinds,
  channelRoutes,
  MAX_CHANNEL_NAME_CHARS,
  MAX_CHANNELS,
  MAX_GROUP_MINUTES,
  MAX_PER_HOUR,
} from './channel'

/* Schemas of channels in their file, and of changes that windows and commands ask for. */

/** Of the name of a person who is paired. */
const MAX_PERSON_CHARS = 100

export const channelIdSchema = v.pipe(v.string(), v.regex(/^[\w-]{1,64}$/))

const line = (maxChars: number) =>
  v.pipe(
    v.string(),
    v.trim(),
    v.minLength(1),
    v.maxLength(maxChars),
    v.regex(/^[^\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]*$/u),
  )
const channelNameSchema = line(MAX_CHANNEL_NAME_CHARS)

export const isChannelName = (text: string): boolean => v.is(channelNameSchema, text)

const timeOfDay = v.pipe(
  v.string(),
  v.maxLength(5),
  v.check((text) => timeOfDayProblem(text) === null),
)

export function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: name }).format(0) !== ''
  } catch {
    return false
  }
}

export const quietHoursSchema = v.strictObject({
  quietHoursFrom: timeOfDay,
  quietHoursTo: timeOfDay,
  timeZone: v.nullable(v.pipe(v.string(), v.maxLength(100), v.check(isTimeZone))),
  holdsCritical: v.boolean(),
})

const route = v.picklist(channelRoutes)
const count = (min: number, max: number) => v.pipe(v.number(), v.integer(), v.minValue(min), v.maxValue(max))

/** What can be changed of a channel. */
export const channelFieldSchemas = {
  name: channelNameSchema,
  isOn: v.boolean(),
  route,
  kindRoutes: v.record(v.picklist(alertKinds), route),
  quietHours: v.nullable(quietHoursSchema),
  groupMinutes: count(0, MAX_GROUP_MINUTES),
  maxPerHour: count(1, MAX_PER_HOUR),
}

/** A later version may know more kinds of alerts, whose routes are left out. */
const storedKindRoutes = v.pipe(
  v.record(v.string(), v.unknown()),
  v.transform((stored) => {
    const known = alertKinds.map((kind) => [kind, v.safeParse(route, stored[kind])] as const)
    return Object.fromEntries(
      known.flatMap(([kind, parsed]) => (parsed.success ? [[kind, parsed.output] as const] : [])),
    ) as Channel['kindRoutes']
  }),
)

const phoneSchema = v.object({
  personName: v.nullable(line(MAX_PERSON_CHARS)),
  sinceMs: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
})

const channelSchema = v.strictObject({
  ...channelFieldSchemas,
  /** Of a file that an earlier version wrote, it is absent. */
  phone: v.optional(v.nullable(phoneSchema), null),
  kindRoutes: storedKindRoutes,
  id: channelIdSchema,
  kind: v.picklist(channelKinds),
  host: line(300),
}) satisfies v.GenericSchema<unknown, Channel>

export const channelChangesSchema = v.partial(v.strictObject(channelFieldSchemas)) as v.GenericSchema<
  unknown,
  ChannelChanges
>

/** The channels of a file, and whether a part of it could not be read. Null: a later version wrote it. */
export function parseChannels(
  value: unknown,
): { readonly channels: readonly Channel[]; readonly isDamaged: boolean } | null {
  if (isObject(value) && typeof value['version'] === 'number' && value['version'] > 1) return null
  const stored = isObject(value) && Array.isArray(value['channels']) ? value['channels'] : null
  if (stored === null) return { channels: [], isDamaged: true }
  const byId = new Map<string, Channel>()
  for (const each of stored) {
    const parsed = v.safeParse(channelSchema, each)
    if (parsed.success && !byId.has(parsed.output.id)) byId.set(parsed.output.id, parsed.output)
  }
  const channels = [...byId.values()].slice(0, MAX_CHANNELS)
  return { channels, isDamaged: channels.length !== stored.length }
}

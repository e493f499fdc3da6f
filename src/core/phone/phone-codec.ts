import * as v from 'valibot'
import { alertKinds } from '../alerts/alert'
import { channelIdSchema } from '../channels/channel-codec'
import { commandPhases, type PhoneState, phoneVerbs } from './offer/phone'

/* Schemas of `phone.json`. What can't be read does nothing: a button of it is then unknown. */

const text = (maxChars: number) => v.pipe(v.string(), v.maxLength(maxChars))
const id = v.pipe(v.string(), v.regex(/^[\w-]{1,64}$/))
const ms = v.pipe(v.number(), v.finite())

const target = {
  accountId: text(200),
  podId: text(200),
  podName: text(1_000),
  podStartedAtMs: ms,
}

const alert = v.object({
  kind: v.picklist(alertKinds),
  accountId: text(200),
  podId: v.nullable(text(200)),
  episode: text(500),
})

const offer = v.object({
  ...target,
  id,
  buttons: v.array(v.picklist(phoneVerbs)),
  alert: v.nullable(alert),
  isQuestion: v.boolean(),
  undoes: v.nullable(id),
  madeAtMs: ms,
  usedAtMs: v.nullable(ms),
})

const command = v.object({
  ...target,
  id,
  action: v.picklist(['stop', 'keep-4h', 'keep-morning']),
  person: text(100),
  atMs: ms,
  phase: v.picklist(commandPhases),
  isOwnHold: v.boolean(),
})

const say = v.object({
  id,
  text: text(4_000),
  offerId: v.nullable(id),
  answers: v.nullable(text(50)),
  madeAtMs: ms,
})

const phoneStateSchema = v.object({
  cursor: v.nullable(text(100)),
  cursorAtMs: ms,
  seen: v.array(text(100)),
  offers: v.array(offer),
  commands: v.array(command),
  says: v.array(say),
  ignoredCount: v.number(),
  ignoredLoggedAtMs: ms,
}) satisfies v.GenericSchema<unknown, PhoneState>

export type StoredPhones = Readonly<Record<string, PhoneState>>

/** The states by the ids of their channels. */
export const storedPhonesSchema: v.GenericSchema<unknown, StoredPhones> = v.pipe(
  v.object({ version: v.literal(1), channels: v.record(channelIdSchema, phoneStateSchema) }),
  v.transform(({ channels }) => channels),
)

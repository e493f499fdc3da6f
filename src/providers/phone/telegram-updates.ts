import * as v from 'valibot'
import { parsePress } from '../../core/phone/offer/offer-buttons'
import type { PhoneSender, PhoneUpdate } from '../../core/phone/offer/phone'

/* Updates of Telegram's Bot API. Whoever knows the name of a bot can write to it, so each field is checked. */

const safeInt = v.pipe(v.number(), v.safeInteger())

const userSchema = v.object({
  id: safeInt,
  is_bot: v.optional(v.boolean(), false),
  first_name: v.optional(v.string(), ''),
  username: v.optional(v.string(), ''),
})
const chatSchema = v.object({ id: safeInt, type: v.string() })
const messageSchema = v.object({
  message_id: safeInt,
  from: userSchema,
  chat: chatSchema,
  text: v.string(),
})
const callbackSchema = v.object({
  id: v.pipe(v.string(), v.maxLength(100)),
  from: userSchema,
  message: v.object({ message_id: safeInt, chat: chatSchema }),
  data: v.pipe(v.string(), v.maxLength(64)),
})
const updateSchema = v.object({
  update_id: v.pipe(safeInt, v.minValue(0)),
  message: v.optional(v.unknown()),
  callback_query: v.optional(v.unknown()),
})

export const MAX_UPDATES = 100

/** What `getUpdates` returned, and the offset that confirms it. Null: the result is none. */
export function parseUpdates(
  result: unknown,
): { readonly updates: readonly PhoneUpdate[]; readonly nextOffset: number | null } | null {
  if (!Array.isArray(result)) return null
  const updates: PhoneUpdate[] = []
  let nextOffset: number | null = null
  for (const each of result.slice(0, MAX_UPDATES)) {
    const parsed = v.safeParse(updateSchema, each)
    // Without its number it can't be told from others. Those after it confirm it.
    if (!parsed.success) continue
    const { update_id: number } = parsed.output
    nextOffset = Math.max(nextOffset ?? 0, number + 1)
    updates.push(toUpdate(parsed.output))
  }
  return { updates, nextOffset }
}

function toUpdate({ update_id, message, callback_query }: v.InferOutput<typeof updateSchema>): PhoneUpdate {
  const id = String(update_id)
  const pressed = v.safeParse(callbackSchema, callback_query)
  if (pressed.success) {
    const { id: callbackId, from, message: below, data } = pressed.output
    const press = parsePress(data)
    if (press !== null)
      return {
        id,
        kind: 'press',
        ...press,
        from: senderOf(from),
        isPrivate: isPrivate(below.chat, from),
        callbackId,
        messageId: String(below.message_id),
        agoMs: null,
      }
  }
  const said = v.safeParse(messageSchema, message)
  if (!said.success) return { id, kind: 'other' }
  const { from, chat, text } = said.output
  return {
    id,
    kind: 'text',
    from: senderOf(from),
    isPrivate: isPrivate(chat, from),
    text: text.slice(0, 200),
  }
}

const senderOf = ({ id, first_name, username }: v.InferOutput<typeof userSchema>): PhoneSender => ({
  id: String(id),
  name: (first_name || username).slice(0, 200),
})

/** A private chat has the id of its person. */
const isPrivate = (chat: v.InferOutput<typeof chatSchema>, from: v.InferOutput<typeof userSchema>): boolean =>
  chat.type === 'private' && chat.id === from.id && !from.is_bot

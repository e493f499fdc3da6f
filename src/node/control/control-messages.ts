import * as v from 'valibot'
import { personNameSchema } from '../../core/intents/requester'
import { parseIntent } from '../../core/intents/parse-intent'
import { socketOperationNames } from '../../shared/operations/socket-operations'
import { id, ms, text } from './control-fields'
import { connectionSchema, refusalCodes } from './control-requests'
import { parseCreate } from '../../core/creation/create-intent'

/* The lines on the connection between two Podkeepers: see docs/decisions/0020. */

/** Raised when a program of the version before could not understand a message. */
export const CONTROL_PROTOCOL = 1

/** A request on its way, one line each. */
export const requestMessageSchema = v.strictObject({
  protocol: v.literal(CONTROL_PROTOCOL),
  id: v.pipe(v.number(), v.integer(), v.minValue(0)),
  /** Unix ms. One that was left lying is refused, because it is about what was on screen then. */
  sentAtMs: ms,
  /** The account that it is about; null: none. */
  accountId: v.nullable(id),
  name: v.picklist(socketOperationNames),
  args: v.array(v.unknown()),
  /** Who asks, where sudo says so. Whoever reaches the socket may do all that it is asked, so it is only recorded. */
  person: v.exactOptional(personNameSchema),
})
export type RequestMessage = v.InferOutput<typeof requestMessageSchema>

/** What the holder sends, one line each. */
export const holderMessageSchema = v.variant('kind', [
  v.object({ kind: v.literal('done'), id: v.number(), value: v.optional(v.unknown()) }),
  v.object({
    kind: v.literal('refused'),
    /** Null: it is not known which request it is about. */
    id: v.nullable(v.number()),
    code: v.picklist(refusalCodes),
    message: text,
  }),
  v.object({
    kind: v.literal('intent'),
    intent: v.pipe(
      v.unknown(),
      v.transform(parseIntent),
      v.check((intent) => intent !== null),
    ),
  }),
  v.object({
    kind: v.literal('create'),
    create: v.pipe(
      v.unknown(),
      v.transform(parseCreate),
      v.check((create) => create !== null),
    ),
  }),
  v.object({ kind: v.literal('connection'), connection: connectionSchema }),
])
export type HolderMessage = v.InferInput<typeof holderMessageSchema>

import { intentRequesters } from '../intents/requester'
import * as v from 'valibot'
import { podActions } from '../pods/pod'
import { auditKinds, auditTones, type ListedAuditEntry, MAX_ID_CHARS, MAX_REASON_CHARS } from './audit-log'

const intentSchema = v.object({
  id: v.pipe(v.string(), v.minLength(1), v.maxLength(MAX_ID_CHARS)),
  action: v.picklist(podActions),
  requester: v.picklist(intentRequesters),
  elapsedMs: v.exactOptional(v.pipe(v.number(), v.finite(), v.minValue(0))),
  reason: v.exactOptional(v.pipe(v.string(), v.maxLength(MAX_REASON_CHARS))),
})

const createIdSchema = v.pipe(v.string(), v.minLength(1), v.maxLength(MAX_ID_CHARS))

const computerSchema = v.pipe(v.string(), v.minLength(1), v.maxLength(MAX_ID_CHARS))

const listedSchema = v.object({
  seq: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  // The range of a Date.
  atMs: v.pipe(v.number(), v.finite(), v.minValue(-8.64e15), v.maxValue(8.64e15)),
  accountId: v.nullable(v.string()),
  podId: v.nullable(v.string()),
  podName: v.nullable(v.string()),
  kind: v.picklist(auditKinds),
  what: v.string(),
  text: v.string(),
  tone: v.picklist(auditTones),
  // The entry stays readable where only these are damaged, or of a later version.
  intent: v.optional(v.unknown()),
  createId: v.optional(v.unknown()),
  computer: v.optional(v.unknown()),
})

/** Parses an entry read from a file; null when it is invalid. */
export function parseAuditEntry(line: string): ListedAuditEntry | null {
  try {
    const parsed = v.safeParse(listedSchema, JSON.parse(line))
    if (!parsed.success) return null
    const { intent: unparsed, createId: unparsedId, computer: unparsedName, ...entry } = parsed.output
    const intent = v.safeParse(intentSchema, unparsed)
    const createId = v.safeParse(createIdSchema, unparsedId)
    const computer = v.safeParse(computerSchema, unparsedName)
    return {
      ...entry,
      ...(intent.success && { intent: intent.output }),
      ...(createId.success && { createId: createId.output }),
      ...(computer.success && { computer: computer.output }),
    }
  } catch {
    return null
  }
}

import * as v from 'valibot'
import { isObject } from '../../core/base/parse-json'
import { capText, visibleText } from '../http/text'

/* Schemas and checks of single values in the replies of providers. */

export const MAX_ID_CHARS = 200
export const MAX_NAME_CHARS = 200

/** An object; valibot's own `object` accepts arrays too. */
export const record = v.custom<Record<string, unknown>>(isObject)

export const finiteNumber = v.pipe(v.number(), v.finite())

/** A text prepared for display that has at least one visible character. */
export const displayText = (maxChars: number) =>
  v.pipe(
    v.string(),
    v.transform((text) => capText(visibleText(text), maxChars)),
    v.nonEmpty(),
  )

/**
 * Only characters that cannot form a command, an option or another host, because these values come from
 * outside.
 */
export const sshHost = v.pipe(
  v.string(),
  v.regex(/^[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$|^[0-9a-fA-F:]{2,45}$/),
)
export const sshPort = v.pipe(finiteNumber, v.integer(), v.minValue(1), v.maxValue(65_535))

/** Whether the id is safe in a URL path and on the screen. */
export function isPodId(id: string): boolean {
  return id !== '.' && id !== '..' && isPlainId(id)
}

/** Whether a text can be an id: not empty, not too long, and exactly what is seen. */
export function isPlainId(id: string): boolean {
  return id !== '' && id.length <= MAX_ID_CHARS && visibleText(id) === id
}

/**
 * Parses RFC 3339 to Unix ms; null for anything else, including the zero time that some servers send for
 * "never".
 */
export function parseTime(value: string): number | null {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/i.test(value)) return null
  const ms = Date.parse(value.toUpperCase())
  return ms > 0 ? ms : null
}

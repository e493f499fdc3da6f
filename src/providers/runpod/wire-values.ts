import * as v from 'valibot'
import { isObject } from '../../core/base/parse-json'
import { capText, visibleText } from '../http/text'

/* Schemas of single values in Runpod's replies. */

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

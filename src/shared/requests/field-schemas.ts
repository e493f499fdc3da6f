import * as v from 'valibot'
import { isPodKey } from '../../core/pods/pod'

/** The id of an account, a terminal, an intent or another thing that main knows. */
export const idSchema = v.pipe(v.string(), v.minLength(1), v.maxLength(200))

export const podKeySchema = v.pipe(v.string(), v.maxLength(400), v.guard(isPodKey))

/** A time that a `Date` can hold. */
export const unixMsSchema = v.pipe(v.number(), v.minValue(0), v.maxValue(8.64e15))

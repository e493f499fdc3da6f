import * as v from 'valibot'

/* What requests and replies between two Podkeepers consist of. */

export const id = v.pipe(v.string(), v.minLength(1), v.maxLength(200))
export const ms = v.pipe(v.number(), v.finite())
export const text = v.pipe(v.string(), v.maxLength(100_000))
/** JSON has no undefined. */
export const nothing = v.optional(v.null())

import * as v from 'valibot'

/** A time that a `Date` can hold. */
export const unixMsSchema = v.pipe(v.number(), v.minValue(0), v.maxValue(8.64e15))

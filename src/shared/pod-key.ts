import * as v from 'valibot'
import { isPodKey } from '../core/pods/pod'

export const podKeySchema = v.pipe(v.string(), v.maxLength(400), v.guard(isPodKey))

import type { ActivityLog } from '../core/activity-log'
import { ok } from '../core/result'

/** An activity log that nobody reads. */
export const forgetfulActivity: ActivityLog = { record: () => ok(undefined) }

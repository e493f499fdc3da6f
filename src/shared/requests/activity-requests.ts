import * as v from 'valibot'
import { type AuditExportFormat, auditExportFormats } from '../../core/audit-log/audit-export'
import {
  type AuditKind,
  auditKinds,
  type AuditPage,
  type AuditTone,
  auditTones,
} from '../../core/audit-log/audit-log'
import type { AccountId, PodKey } from '../../core/pods/pod'
import { MAX_ACTIVITY_SEARCH } from './limits'
import { podKeySchema, unixMsSchema } from './field-schemas'

/** Which entries of the activity log to return; what is absent limits nothing. See `AuditFilter`. */
export interface ActivityFilter {
  readonly kind?: AuditKind
  readonly accountId?: AccountId
  readonly podKey?: PodKey
  readonly sinceMs?: number
  readonly outcome?: AuditTone
  readonly search?: string
}

/** The part of the contract for the activity log. */
export interface ActivityRequests {
  /** A piece of the log that is older than `before` (null: the newest), with at most `ACTIVITY_PAGE` entries. */
  auditPage: (before: number | null, filter: ActivityFilter) => AuditPage
  /**
   * Asks for a file with the system's dialog and writes what the filter finds, oldest first. Returns the path; null
   * when canceled.
   */
  exportActivity: (filter: ActivityFilter, format: AuditExportFormat) => string | null
}

/** Maximum entries per page of the activity log. */
export const ACTIVITY_PAGE = 100

const filterFields = v.strictObject({
  kind: v.exactOptional(v.picklist(auditKinds)),
  accountId: v.exactOptional(v.pipe(v.string(), v.minLength(1), v.maxLength(200))),
  podKey: v.exactOptional(podKeySchema),
  sinceMs: v.exactOptional(unixMsSchema),
  outcome: v.exactOptional(v.picklist(auditTones)),
  search: v.exactOptional(v.pipe(v.string(), v.maxLength(MAX_ACTIVITY_SEARCH))),
})

/** A list would pass for an object without fields. */
const filterSchema = v.pipe(
  v.unknown(),
  v.check((given) => !Array.isArray(given)),
  filterFields,
)

export const activityRequestSchemas = {
  auditPage: v.tuple([v.nullable(v.pipe(v.number(), v.safeInteger(), v.minValue(0))), filterSchema]),
  exportActivity: v.tuple([filterSchema, v.picklist(auditExportFormats)]),
} satisfies { [K in keyof ActivityRequests]: v.GenericSchema<unknown, Parameters<ActivityRequests[K]>> }

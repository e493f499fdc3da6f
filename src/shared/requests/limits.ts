/* Limits of requests that windows keep to. The schemas beside the requests would come along with them. */

/** Maximum histories per request. */
export const MAX_HISTORIES = 100

/** Maximum pods per request. */
export const MAX_BULK_PODS = 200

/** Maximum characters of one part of a saved log. */
export const MAX_LOG_PART_CHARS = 25_000

/** Maximum characters of a search in the activity log. */
export const MAX_ACTIVITY_SEARCH = 200

/** Maximum characters of the name of a preset. */
export const MAX_PRESET_NAME = 100

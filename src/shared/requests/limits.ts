/* What windows use of the requests. The schemas beside the requests would come along with it. */

/** Maximum histories per request. */
export const MAX_HISTORIES = 100

/** Maximum pods per request. */
export const MAX_BULK_PODS = 200

/** Maximum pods that one question may name. */
export const MAX_ARMED_PODS = 1_000

/** Maximum characters of one part of a saved log. */
export const MAX_LOG_PART_CHARS = 25_000

/** Maximum characters of a search in the activity log. */
export const MAX_ACTIVITY_SEARCH = 200

/** Maximum characters of the name of a preset. */
export const MAX_PRESET_NAME = 100

/** Stands for an id where an edit takes away what a job had. */
export const NONE = 'none'

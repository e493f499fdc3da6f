/* Limits of requests that windows keep to. The schemas beside the requests would come along with them. */

/** Maximum histories per request. */
export const MAX_HISTORIES = 100

/** Maximum pods per request. */
export const MAX_BULK_PODS = 200

/** Characters of the name of a preset. */
export const MAX_PRESET_NAME = 100

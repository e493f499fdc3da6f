/* Limits that windows keep, in a file of their own so that no window loads the schemas of main. */

/** Maximum histories per request. */
export const MAX_HISTORIES = 100

/** Maximum pods per request. */
export const MAX_BULK_PODS = 200

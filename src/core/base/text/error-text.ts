/** The message of a thrown value. */
export const errorText = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause))

/** That a file could not be read; `why` comes from the system. */
export const fileNotRead = (path: string, why: string): string => `${path} could not be read: ${why}`

/** That a file could not be written; `why` comes from the system. */
export const fileNotWritten = (path: string, why: string): string => `${path} could not be written: ${why}`

/** Of a request that failed for no reason that was foreseen. */
export const requestFailedText = 'Something went wrong in Podkeeper. Try again.'

export const tooManyRequestsText = 'Too many requests, so nothing was done. Try again in a few seconds.'

/** An error that nobody foresaw, in any part of the program. */
export const wentWrongText = (details: string): string => `Something went wrong in Podkeeper: ${details}`

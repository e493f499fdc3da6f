/** The message of a thrown value. */
export const errorText = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause))

/** That a file could not be written; `why` comes from the system. */
export const fileNotWritten = (path: string, why: string): string => `${path} could not be written: ${why}`

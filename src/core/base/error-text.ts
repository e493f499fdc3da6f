/** The message of a thrown value. */
export const errorText = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause))

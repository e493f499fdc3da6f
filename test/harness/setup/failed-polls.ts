/**
 * Errors that ended polls of monitors under test. A monitor survives them, so a test that expects nothing to happen would
 * pass although the code is broken. After each unit test there must be none (failed-polls-setup.ts).
 */
const failedPolls: unknown[] = []

export const recordFailedPoll = (cause: unknown): void => void failedPolls.push(cause)

/** Also for a test whose polls fail on purpose. */
export const takeFailedPolls = (): readonly unknown[] => failedPolls.splice(0)

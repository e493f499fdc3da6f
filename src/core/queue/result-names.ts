/** The results of one job: more is a mistake in its globs. */
export const MAX_RESULT_FILES = 2_000

const MAX_NAME_CHARS = 1_000
const RESERVED = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i

/**
 * Why a file of that name, which a pod chose, isn't written, as a clause; null: it is. Names lead down from the chosen
 * folder, never out of it, and mean the same on every system.
 */
export function resultNameProblem(name: string): string | null {
  if (name === '' || name.length > MAX_NAME_CHARS) return 'its name is too long, or empty'
  if (/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/u.test(name)) return 'its name has invisible characters'
  if (/[\\:*?"<>|]/.test(name)) return 'its name has characters that not every system allows'
  const parts = name.split('/')
  const isUnsafe = parts.some(
    (part) => part === '' || part === '.' || part === '..' || /[. ]$/.test(part) || RESERVED.test(part),
  )
  return isUnsafe ? 'its name leads out of the folder, or is reserved' : null
}

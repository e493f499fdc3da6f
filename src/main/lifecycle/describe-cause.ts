const MAX_CAUSES = 5
const MAX_FRAMES = 8
const MAX_LENGTH = 4_000

/**
 * Describes an exception: name, message, code and the nearest stack frames, also of its causes. Other
 * properties are ignored, because they may contain requests and headers.
 */
export function describeCause(cause: unknown): string {
  const parts: string[] = []
  let next = cause
  for (let depth = 0; depth < MAX_CAUSES && next !== undefined && next !== null; depth += 1) {
    parts.push(describeOne(next))
    next = next instanceof Error ? next.cause : undefined
  }
  return parts.join(' ← ').slice(0, MAX_LENGTH)
}

function describeOne(cause: unknown): string {
  if (!(cause instanceof Error)) return typeof cause === 'string' ? cause : typeof cause
  const { code } = cause as NodeJS.ErrnoException
  const frames = (cause.stack ?? '')
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .slice(0, MAX_FRAMES)
    .map((line) => line.trim())
  const summary = `${cause.name}: ${cause.message}${typeof code === 'string' ? ` (${code})` : ''}`
  return [summary, ...frames].join(' ')
}

const MAX_CAUSES = 5
const MAX_FRAMES = 8
const MAX_LENGTH = 4_000

/**
 * What was thrown, in words: name, message, code and the nearest frames of it and of its causes. Nothing else of an
 * error is looked at: requests, headers and options hang from them.
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
  const said = `${cause.name}: ${cause.message}${typeof code === 'string' ? ` (${code})` : ''}`
  return [said, ...frames].join(' ')
}

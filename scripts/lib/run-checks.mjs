import { log, UserError } from './log.mjs'
import { stepLine } from './test-summary.mjs'

/** For the compiler and the linter, which are written in Go: less garbage collection, for 300 MB more memory. */
const GARBAGE_COLLECTION = '400'

/**
 * Runs `checks`, functions by name that resolve to the result of `run`, a few at a time, and prints a line for each at its
 * end. After a failure no more are started, and a `UserError` says what failed.
 */
export async function runChecks(checks, atOnce) {
  process.env.GOGC ??= GARBAGE_COLLECTION
  const waiting = Object.entries(checks)
  const failures = []
  const runNext = async () => {
    while (waiting.length > 0 && failures.length === 0) {
      const [name, check] = waiting.shift()
      const startedAtMs = performance.now()
      const { code, output, processorSeconds } = await check()
      log(stepLine(name, { code, startedAtMs, processorSeconds }))
      if (code !== 0)
        failures.push(`\n${output.trimEnd()}\n\n${name} failed; alone: npm test -- --only ${name}`)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, runNext))
  if (failures.length > 0) throw new UserError(failures.join('\n'))
}

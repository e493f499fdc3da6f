import { mkdirSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { buildApp } from './lib/build.mjs'
import { inProject, root } from './lib/project.mjs'
import { log, runCommand, UserError } from './lib/log.mjs'
import { readRepeatArguments } from './lib/test-arguments.mjs'
import { TEST_STEPS } from './lib/test-steps.mjs'
import { countPassed, failuresOf, tallyFailures } from './lib/test-summary.mjs'
import { setUp } from './set-up.mjs'

/**
 * `npm run test:repeat -- RUNS [--only unit|e2e] [--workers N] [FILE-FILTER…]`: runs the tests RUNS times and
 * lists each test that failed at least once. The full output of failed runs is kept below .cache/test-repeat.
 */
await runCommand(async () => {
  const { runs, chosen, ...options } = readRepeatArguments(process.argv.slice(2), Object.keys(TEST_STEPS))
  await setUp({ forTests: chosen.includes('e2e') || chosen.includes('browser') })
  if (chosen.includes('e2e')) await buildApp()
  const folder = inProject('.cache/test-repeat', new Date().toISOString().replaceAll(':', '-').slice(0, 19))
  const results = []
  for (let number = 1; number <= runs; number++)
    for (const name of chosen) {
      const startedAtMs = performance.now()
      const result = await TEST_STEPS[name](options)
      results.push(result)
      const failed = failuresOf(result).length
      const seconds = ((performance.now() - startedAtMs) / 1_000).toFixed(1)
      log(
        `run ${number} of ${runs}  ${name.padEnd(4)}  ${seconds.padStart(6)} s  ${countPassed(result.files)} passed, ${failed} failed`,
      )
      if (failed > 0) writeLog(join(folder, `run-${number}-${name}.log`), result.output)
    }
  if (results.every(({ files }) => files.length === 0)) throw new UserError('No test ran.')
  const failures = tallyFailures(results)
  if (failures.length === 0) return log('\nNothing failed.')
  log(`\nfailed, of ${runs} runs:`)
  for (const { name, count } of failures) log(`${String(count).padStart(4)} ×  ${name}`)
  log(`\nfull output of each run that failed: ${relative(root, folder)}`)
  return 1
})

function writeLog(path, text) {
  mkdirSync(join(path, '..'), { recursive: true })
  writeFileSync(path, text)
}

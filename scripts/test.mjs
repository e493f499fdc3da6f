import { inProject } from './lib/project.mjs'
import { runNpm } from './lib/run.mjs'
import { log, runCommand, UserError } from './lib/log.mjs'
import { readTestArguments } from './lib/test-arguments.mjs'
import { TEST_STEP_ROWS, TEST_STEPS } from './lib/test-steps.mjs'
import {
  costliestFiles,
  countPassed,
  failureLines,
  inSeconds,
  stepLine,
  unwaitedSeconds,
} from './lib/test-summary.mjs'
import { processorTime } from './lib/processor-time.mjs'
import { runChecks } from './lib/run-checks.mjs'
import { setUp } from './set-up.mjs'

const npmScript = (name) => () => runNpm(['run', '--silent', name], { cwd: inProject() })

/** Independent checks before the tests. */
const CHECKS = {
  format: npmScript('check:format'),
  lint: npmScript('check:lint'),
  types: npmScript('check:types'),
  unused: npmScript('check:unused'),
  build: npmScript('build'),
}
const CHECKS_AT_ONCE = 2

/** `npm test [-- --only STEP[,STEP…] --workers N FILE-FILTER…]`: a check that fails ends the run. */
await runCommand(async () => {
  const steps = [...Object.keys(CHECKS), ...Object.keys(TEST_STEPS)]
  const { chosen, ...options } = readTestArguments(process.argv.slice(2), steps)
  // The end-to-end tests run the build.
  const checks = Object.keys(CHECKS).filter(
    (name) => chosen.includes(name) || (name === 'build' && chosen.includes('e2e')),
  )
  await setUp({ forTests: chosen.includes('e2e') || chosen.includes('browser') })
  await runChecks(Object.fromEntries(checks.map((name) => [name, CHECKS[name]])), CHECKS_AT_ONCE)
  const rows = TEST_STEP_ROWS.map((row) => row.filter((name) => chosen.includes(name)))
  const results = (await Promise.all(rows.map((row) => runRow(row, options)))).flat()
  const failures = results.flatMap(({ failure }) => failure ?? [])
  if (failures.length > 0) throw new UserError(failures.join('\n'))
  const files = results.flatMap((result) => result.files)
  if (files.length > 0) log(`\nfiles that cost most:\n${costliestFiles(files).join('\n')}`)
  logProcessorTime(files)
  if (files.length > 0) log(`\n${countPassed(files)} passed, 0 failed`)
  else if (options.filters.length > 0)
    throw new UserError(`No test file matches ${options.filters.join(', ')}.`)
})

/** Runs the tests of steps, one after another; resolves to what `runTests` does, of each. */
async function runRow(names, options) {
  const results = []
  for (const name of names) results.push(await runTests(name, options))
  return results
}

/** Runs the tests of a step; resolves to its files, and to the failure or null. */
async function runTests(name, options) {
  const startedAtMs = performance.now()
  const { code, output, files, processorSeconds } = await TEST_STEPS[name](options)
  log(`${stepLine(name, { code, startedAtMs, processorSeconds, files })}  ${countPassed(files)} tests`)
  // At once, since the other step may take minutes more.
  if (code !== 0) log(`\n${output.trimEnd()}\n`)
  if (code === 0) return { files, failure: null }
  const lines = failureLines({ code, files }).join('\n')
  return { files, failure: `${name} failed; alone: npm test -- --only ${name}\n${lines}` }
}

function logProcessorTime(files) {
  const time = processorTime()
  if (time === null) return
  const total = time.ownS + time.childrenS + unwaitedSeconds(files)
  log(`\nin all ${inSeconds(performance.now() / 1_000).trim()}, ${inSeconds(total).trim()} of processor time`)
}

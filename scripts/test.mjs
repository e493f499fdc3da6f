import { inProject } from './lib/project.mjs'
import { runNpm } from './lib/run.mjs'
import { log, runCommand, UserError } from './lib/log.mjs'
import { readTestArguments } from './lib/test-arguments.mjs'
import { TEST_STEPS } from './lib/test-steps.mjs'
import { countPassed, failureLines, costliestFiles, inSeconds } from './lib/test-summary.mjs'
import { processorTime } from './lib/processor-time.mjs'
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
  await runChecks(checks)
  // All at once: they wait as much as they work.
  const tests = Object.keys(TEST_STEPS).filter((name) => chosen.includes(name))
  const results = await Promise.all(
    tests.map((name) => runTests(name, { ...options, isAlone: tests.length === 1 })),
  )
  const failures = results.flatMap(({ failure }) => failure ?? [])
  if (failures.length > 0) throw new UserError(failures.join('\n'))
  const files = results.flatMap((result) => result.files)
  if (files.length > 0) log(`\nfiles that cost most:\n${costliestFiles(files).join('\n')}`)
  logProcessorTime(files)
  if (files.length > 0) log(`\n${countPassed(files)} passed, 0 failed`)
  else if (options.filters.length > 0)
    throw new UserError(`No test file matches ${options.filters.join(', ')}.`)
})

/**
 * Runs the checks a few at a time and prints one line for each at its end; after a failure no more are
 * started.
 */
async function runChecks(names) {
  const waiting = [...names]
  let failure = null
  const runNext = async () => {
    while (waiting.length > 0 && failure === null) {
      const name = waiting.shift()
      const startedAtMs = performance.now()
      const { code, output, processorSeconds } = await CHECKS[name]()
      log(stepLine(name, { code, startedAtMs, processorSeconds }))
      if (code !== 0) failure ??= failureOf(name, output)
    }
  }
  await Promise.all(Array.from({ length: CHECKS_AT_ONCE }, runNext))
  if (failure !== null) throw failure
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

/** The result of a step, its duration and its processor time, with the programs of its `files` that nobody waits for. */
function stepLine(name, { code, startedAtMs, processorSeconds, files = [] }) {
  const seconds = inSeconds((performance.now() - startedAtMs) / 1_000)
  const processor =
    processorSeconds === null
      ? ''
      : `  ${inSeconds(processorSeconds + unwaitedSeconds(files))} of processor time`
  return `${name.padEnd(8)}${code === 0 ? 'ok    ' : 'FAILED'}${seconds}${processor}`
}

function unwaitedSeconds(files) {
  return files.reduce((sum, file) => sum + (file.unwaitedSeconds ?? 0), 0)
}

function logProcessorTime(files) {
  const time = processorTime()
  if (time === null) return
  const total = time.ownS + time.childrenS + unwaitedSeconds(files)
  log(`\nin all ${inSeconds(performance.now() / 1_000).trim()}, ${inSeconds(total).trim()} of processor time`)
}

function failureOf(name, output) {
  return new UserError(`\n${output.trimEnd()}\n\n${name} failed; alone: npm test -- --only ${name}`)
}

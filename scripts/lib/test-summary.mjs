const SHOWN_FILES = 10

/** Number of passed tests in a report; `files` as described in `test-report.mjs`. */
export const countPassed = (files) =>
  files.flatMap(({ tests }) => tests).filter(({ state }) => state === 'passed').length

/**
 * The files that cost most, one per line, with the processor time and the duration in seconds. Where the system doesn't
 * say how much processor time was used, the slowest ones.
 */
export function costliestFiles(files) {
  const costOf = ({ processorSeconds, seconds }) => processorSeconds ?? seconds
  return files
    .toSorted((a, b) => costOf(b) - costOf(a))
    .slice(0, SHOWN_FILES)
    .map(
      ({ path, processorSeconds, seconds }) =>
        `${inSeconds(processorSeconds)} of processor time  ${inSeconds(seconds)}  ${path}`,
    )
}

/** Seconds in a column: "  12.3 s", or as many blanks for an unknown time. */
export const inSeconds = (seconds) =>
  seconds === null || seconds === undefined ? ' '.repeat(9) : `${seconds.toFixed(1).padStart(7)} s`

/** The result of a step, its duration and its processor time, with the programs of its `files` that nobody waits for. */
export function stepLine(name, { code, startedAtMs, processorSeconds = null, files = [] }) {
  const seconds = inSeconds((performance.now() - startedAtMs) / 1_000)
  const processor =
    processorSeconds === null
      ? ''
      : `  ${inSeconds(processorSeconds + unwaitedSeconds(files))} of processor time`
  return `${name.padEnd(8)}${code === 0 ? 'ok    ' : 'FAILED'}${seconds}${processor}`
}

/** Processor time in seconds of programs that nobody waited for. */
export function unwaitedSeconds(files) {
  return files.reduce((sum, file) => sum + (file.unwaitedSeconds ?? 0), 0)
}

/**
 * Names of everything that failed in one run: tests, files with errors outside of tests, and the run itself
 * when neither explains its exit code.
 */
export function failuresOf({ code, files }) {
  const failures = files.flatMap(({ path, hasFailed, tests }) => {
    const failed = tests.filter(({ state }) => state === 'failed').map(({ name }) => `${path} > ${name}`)
    return hasFailed && failed.length === 0 ? [`${path} (outside of its tests)`] : failed
  })
  return code !== 0 && failures.length === 0 ? [`the run itself (exit code ${code})`] : failures
}

const ERROR_LENGTH = 300

/** What failed in one run, each name with the start of its errors: the end of a long log says what to look for. */
export function failureLines({ code, files }) {
  const errorsOf = new Map(
    files.flatMap(({ path, errors: fileErrors = [], tests }) => [
      [`${path} (outside of its tests)`, fileErrors],
      ...tests.map((test) => [`${path} > ${test.name}`, test.errors ?? []]),
    ]),
  )
  return failuresOf({ code, files }).flatMap((name) => [
    `  ${name}`,
    ...(errorsOf.get(name) ?? []).map((error) => `    ${error.replace(/\s+/g, ' ').slice(0, ERROR_LENGTH)}`),
  ])
}

/** Failures of several runs with their counts, most frequent first. */
export function tallyFailures(runs) {
  const counts = new Map()
  for (const name of runs.flatMap(failuresOf)) counts.set(name, (counts.get(name) ?? 0) + 1)
  return [...counts]
    .map(([name, count]) => ({ name, count }))
    .toSorted((a, b) => b.count - a.count || a.name.localeCompare(b.name))
}

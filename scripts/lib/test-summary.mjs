const SHOWN_FILES = 10

/** How many tests of a report passed; `files` are those of `test-report.mjs`. */
export const countPassed = (files) =>
  files.flatMap(({ tests }) => tests).filter(({ state }) => state === 'passed').length

/** The files that took longest, one a line, with their seconds. */
export function slowestFiles(files) {
  return files
    .toSorted((a, b) => b.seconds - a.seconds)
    .slice(0, SHOWN_FILES)
    .map(({ path, seconds }) => `${seconds.toFixed(1).padStart(6)} s  ${path}`)
}

/**
 * What failed in one run, by name: tests, files that failed outside of their tests, and the run itself where none of
 * these explains its exit code.
 */
export function failuresOf({ code, files }) {
  const failures = files.flatMap(({ path, hasFailed, tests }) => {
    const failed = tests.filter(({ state }) => state === 'failed').map(({ name }) => `${path} > ${name}`)
    return hasFailed && failed.length === 0 ? [`${path} (outside of its tests)`] : failed
  })
  return code !== 0 && failures.length === 0 ? [`the run itself (exit code ${code})`] : failures
}

/** Every failure of several runs with how often it happened, most often first. */
export function tallyFailures(runs) {
  const counts = new Map()
  for (const name of runs.flatMap(failuresOf)) counts.set(name, (counts.get(name) ?? 0) + 1)
  return [...counts]
    .map(([name, count]) => ({ name, count }))
    .toSorted((a, b) => b.count - a.count || a.name.localeCompare(b.name))
}

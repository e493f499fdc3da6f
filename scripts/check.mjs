import { availableParallelism } from 'node:os'
import { changedFiles } from './lib/changed-files.mjs'
import { log, runCommand } from './lib/log.mjs'
import { checkNode, ensureNpmPackages } from './lib/npm-packages.mjs'
import { inProject } from './lib/project.mjs'
import { run, runNpm } from './lib/run.mjs'
import { runChecks } from './lib/run-checks.mjs'
import { stepOf, testsOfChanges } from './lib/test-files.mjs'
import { readTestSeconds } from './lib/test-seconds.mjs'
import { runVitest } from './lib/vitest.mjs'

/** The tests of what changed that are run, by how long they took last, in seconds of all workers together. */
const TESTS_S = 40
/** Of a file that was never measured here. */
const UNMEASURED_S = 1
/** More files than this are linted as fast by linting all. */
const MANY_FILES = 200

/**
 * `npm run check`: what one runs before a commit. Format, types and unused code of everything, lint and tests of what
 * differs from the last commit; tests in Electron are only named.
 */
await runCommand(async () => {
  checkNode()
  await ensureNpmPackages()
  const changed = await changedFiles()
  const { chosen, left, electron } = chooseTests(testsOfChanges(changed))
  const checks = {
    types: npmScript('check:types'),
    lint: () => lint(changed),
    format: npmScript('check:format'),
    unused: npmScript('check:unused'),
    ...testsOf('unit', 'unit*', chosen),
    ...testsOf('browser', 'browser', chosen),
  }
  await runChecks(checks, availableParallelism())
  if (left.length > 0) log(`\nnot run, too long for a check: npm run t -- ${left.join(' ')}`)
  if (electron.length > 0) log(`\nin Electron, not run: npm run t -- ${electron.join(' ')}`)
})

function npmScript(name) {
  return () => runNpm(['run', '--silent', name], { cwd: inProject() })
}

function testsOf(step, project, chosen) {
  const filters = chosen.filter((path) => stepOf(path) === step)
  return filters.length > 0 && { [step]: () => runVitest({ project, filters }) }
}

/** With types, only what changed: what that means for other files is left to `npm test`. */
function lint(changed) {
  const files = changed.filter((path) => /\.(ts|tsx|mts|mjs|cjs|js)$/.test(path))
  if (files.length === 0) return { code: 0, output: '' }
  const named = files.length > MANY_FILES ? [] : files
  return run(
    process.execPath,
    [inProject('node_modules/oxlint/bin/oxlint'), '--type-aware', '--deny-warnings', ...named],
    { cwd: inProject() },
  )
}

/** As many as take no longer than `TESTS_S`, the quickest first, without those in Electron. */
function chooseTests(tests) {
  const seconds = readTestSeconds()
  const secondsOf = (path) => seconds[path] ?? UNMEASURED_S
  const [electron, quick] = [
    tests.filter((path) => stepOf(path) === 'e2e'),
    tests.filter((path) => stepOf(path) !== 'e2e'),
  ]
  const chosen = []
  let sum = 0
  for (const path of quick.toSorted((a, b) => secondsOf(a) - secondsOf(b))) {
    sum += secondsOf(path)
    if (sum > TESTS_S) break
    chosen.push(path)
  }
  return { chosen, left: quick.filter((path) => !chosen.includes(path)), electron }
}

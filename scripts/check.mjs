import { mkdirSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { changedFiles } from './lib/changed-files.mjs'
import { log, runCommand, UserError } from './lib/log.mjs'
import { checkNode, ensureNpmPackages } from './lib/npm-packages.mjs'
import { inProject } from './lib/project.mjs'
import { run, runNpm } from './lib/run.mjs'
import { stepOf, testsOfChanges } from './lib/test-files.mjs'
import { readTestSeconds } from './lib/test-seconds.mjs'
import { inSeconds } from './lib/test-summary.mjs'
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
  const results = await inTurn({
    types: checkTypes,
    lint: () => lint(changed),
    format: () => runNpm(['run', '--silent', 'check:format'], { cwd: inProject() }),
    unused: () => runNpm(['run', '--silent', 'check:unused'], { cwd: inProject() }),
    ...testsOf('unit', 'unit*', chosen),
    ...testsOf('browser', 'browser', chosen),
  })
  const failed = results.filter(({ code }) => code !== 0)
  if (failed.length > 0) throw new UserError(failed.map(({ output }) => output.trimEnd()).join('\n\n'))
  if (left.length > 0) log(`\nnot run, too long for a check: npm run t -- ${left.join(' ')}`)
  if (electron.length > 0) log(`\nin Electron, not run: npm run t -- ${electron.join(' ')}`)
})

function testsOf(step, project, chosen) {
  const filters = chosen.filter((path) => stepOf(path) === step)
  return filters.length > 0 && { [step]: () => runVitest({ project, filters }) }
}

/** Runs the checks, several at a time, and says how each ended. */
async function inTurn(checks) {
  const waiting = Object.entries(checks)
  const results = []
  const runNext = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [name, check] = next
      const startedAtMs = performance.now()
      const result = await check()
      results.push(result)
      const seconds = inSeconds((performance.now() - startedAtMs) / 1_000)
      log(`${name.padEnd(8)}${result.code === 0 ? 'ok    ' : 'FAILED'}${seconds}`)
    }
  }
  await Promise.all(Array.from({ length: availableParallelism() }, runNext))
  return results
}

/** Keeps what it found in .cache/types, and looks only at what depends on a change. */
async function checkTypes() {
  mkdirSync(inProject('.cache/types'), { recursive: true })
  const results = []
  for (const project of ['core', 'web', 'preload', 'node', 'browser'])
    results.push(
      await run(
        process.execPath,
        [
          inProject('node_modules/typescript/bin/tsc'),
          '-p',
          `tsconfig.${project}.json`,
          '--incremental',
          '--tsBuildInfoFile',
          inProject(`.cache/types/${project}.tsbuildinfo`),
        ],
        { cwd: inProject() },
      ),
    )
  return results.find(({ code }) => code !== 0) ?? results[0]
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

/** Without Electron, and within `TESTS_S`: tests of what changed most directly come first, then the quickest. */
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

import { buildAppIfStale } from './lib/build.mjs'
import { DEFAULT_WORKERS, withDesktop, withScreenshots } from './lib/end-to-end.mjs'
import { runCommand, UserError } from './lib/log.mjs'
import { ensureNpmPackages } from './lib/npm-packages.mjs'
import { readOneTestArguments } from './lib/test-arguments.mjs'
import { stepOf, testFiles } from './lib/test-files.mjs'
import { PROJECTS, showVitest } from './lib/vitest.mjs'
import { setUp } from './set-up.mjs'

/**
 * `npm run t -- FILTER… [-t NAME] [--watch]`: runs the test files whose path contains a filter, of any kind. It prepares
 * only what these need: nothing for a test of core, a build and a desktop session for one of the app.
 */
await runCommand(async () => {
  const { filters, options } = readOneTestArguments(process.argv.slice(2))
  const chosen = testFiles().filter((path) => filters.some((filter) => path.includes(filter)))
  if (chosen.length === 0) throw new UserError(`No test file has "${filters.join('" or "')}" in its path.`)
  const steps = new Set(chosen.map(stepOf))
  const projects = [...steps].flatMap((step) => PROJECTS[step])
  if (steps.size === 1 && steps.has('unit')) await ensureNpmPackages()
  else await setUp({ forTests: true })
  if (steps.has('e2e')) await buildAppIfStale()
  const run = (desktop) => showVitest({ projects, filters, options, ...desktop })
  return steps.has('e2e')
    ? withDesktop(Math.min(DEFAULT_WORKERS, chosen.length), ({ workers, env }) =>
        run({ workers, env: withScreenshots(env) }),
      )
    : run({})
})

import { relative } from 'node:path'
import { parseArgs } from 'node:util'
import { buildApp } from './lib/build.mjs'
import { checkNode, ensureNpmPackages } from './lib/npm-packages.mjs'
import { packageApp } from './lib/package-app.mjs'
import { root } from './lib/project.mjs'
import { log, runCommand, UserError } from './lib/log.mjs'
import { setUp } from './set-up.mjs'

/**
 * `npm run package [-- --platform PLATFORM --arch ARCH]`: a package to ship, in dist/.
 * `npm run package -- --for-tests`: one to test, made of whatever Electron the tests run on. With `--no-build` it is
 * made of what lies in out/, which stays as it is for the end-to-end tests that run from there at the same time.
 */
await runCommand(async () => {
  const { 'for-tests': forTests, 'no-build': noBuild, ...target } = readArguments()
  if (forTests) await setUp({ forTests })
  else {
    // A release brings an Electron of its own, so there is none to look for.
    checkNode()
    await ensureNpmPackages()
  }
  if (!noBuild) await buildApp()
  const folder = await packageApp({ forTests, ...target })
  log(`Packaged into ${relative(root, folder)}${forTests ? ': for testing, never to be shipped' : ''}`)
})

function readArguments() {
  const options = {
    'for-tests': { type: 'boolean', default: false },
    'no-build': { type: 'boolean', default: false },
    platform: { type: 'string' },
    arch: { type: 'string' },
  }
  try {
    return parseArgs({ options }).values
  } catch (error) {
    throw new UserError(
      `${error.message}\nOptions: --for-tests, --no-build, --platform PLATFORM, --arch ARCH`,
    )
  }
}

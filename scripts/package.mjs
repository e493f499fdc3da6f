import { relative } from 'node:path'
import { parseArgs } from 'node:util'
import { buildApp } from './lib/build.mjs'
import { checkNode, ensureNpmPackages } from './lib/npm-packages.mjs'
import { packageApp } from './lib/package-app.mjs'
import { root } from './lib/project.mjs'
import { log, runCommand, UserError } from './lib/log.mjs'
import { setUp } from './set-up.mjs'

/**
 * `npm run package [-- --platform PLATFORM --arch ARCH]`: builds a release package in dist/.
 *
 * `npm run package -- --for-tests`: builds one with the Electron of the tests. With `--no-build`, it uses
 * what is in out/ and leaves it unchanged for end-to-end tests that run from there at the same time.
 */
await runCommand(async () => {
  const { 'for-tests': forTests, 'no-build': noBuild, ...target } = readArguments()
  if (forTests) await setUp({ forTests })
  else {
    // A release brings its own Electron, so no local one is needed.
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

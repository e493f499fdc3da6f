import { pathToFileURL } from 'node:url'
import { electronPath, ensureElectron } from './lib/electron.mjs'
import { ensureInstallers } from './lib/installers.mjs'
import { checkNode, ensureNpmPackages } from './lib/npm-packages.mjs'
import { runCommand } from './lib/log.mjs'
import { ensureSystemPackages } from './lib/system-packages.mjs'
import { ensureTestRuntime, hasTestRuntimePlatform, isTestRuntimeForbidden } from './lib/test-runtime.mjs'

/**
 * Installs what starting the app or, `forTests`, testing it needs. Each step first checks whether it has
 * anything to do, and prints a line before it does. Throws a `UserError` when a step fails.
 */
export async function setUp({ forTests }) {
  checkNode()
  await ensureNpmPackages()
  await ensureElectron()
  // It drew the baselines of the pictures.
  if (forTests && hasTestRuntimePlatform() && !isTestRuntimeForbidden()) await ensureTestRuntime()
  if (forTests && process.platform === 'linux') await ensureInstallers()
  await ensureSystemPackages({ electron: electronPath(), forTests })
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  await runCommand(() => setUp({ forTests: process.argv.includes('--for-tests') }))
}

import { pathToFileURL } from 'node:url'
import { electronPath, ensureElectron } from './lib/electron.mjs'
import { checkNode, ensureNpmPackages } from './lib/npm-packages.mjs'
import { runCommand } from './lib/log.mjs'
import { ensureSystemPackages } from './lib/system-packages.mjs'

/**
 * Brings what starting the app or, `forTests`, testing it needs. Each step looks first, says in a line what it
 * is about to do, and does nothing when nothing is to do. Throws a `UserError` when a step cannot be done.
 */
export async function setUp({ forTests }) {
  checkNode()
  await ensureNpmPackages()
  await ensureElectron()
  await ensureSystemPackages({ electron: electronPath(), forTests })
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  await runCommand(() => setUp({ forTests: process.argv.includes('--for-tests') }))
}

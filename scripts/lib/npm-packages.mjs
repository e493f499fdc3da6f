import { existsSync } from 'node:fs'
import { inProject, readJson } from './project.mjs'
import { runNpm, tail } from './run.mjs'
import { log, UserError } from './log.mjs'

const MIN_NODE_VERSION = [20, 19]

export function checkNode(version = process.versions.node) {
  const [major, minor] = version.split('.').map(Number)
  if (major > MIN_NODE_VERSION[0] || (major === MIN_NODE_VERSION[0] && minor >= MIN_NODE_VERSION[1])) return
  throw new UserError(
    `Podkeeper needs Node.js ${MIN_NODE_VERSION.join('.')} or newer to build; this is ${version} (${process.execPath}).`,
  )
}

/** `npm ci`, unless what npm itself noted in node_modules is what the lockfile asks for. `report` gets each message. */
export async function ensureNpmPackages(report = log) {
  if (areInstalled()) return
  report('Installing the npm packages of package-lock.json …')
  // Level error: Electron's packages ask for a newer Node than building needs, and npm would warn of it.
  const { code, output } = await runNpm(['ci', '--loglevel=error'], { cwd: inProject() })
  if (code !== 0) throw new UserError(`npm ci failed:\n${tail(output)}`)
}

function areInstalled() {
  const installedLock = inProject('node_modules/.package-lock.json')
  if (!existsSync(installedLock)) return false
  const installed = readJson(installedLock).packages
  return Object.entries(readJson(inProject('package-lock.json')).packages).every(
    ([path, { integrity, optional }]) =>
      // Optional ones may be for another platform.
      path === '' || (path in installed ? installed[path].integrity === integrity : optional === true),
  )
}

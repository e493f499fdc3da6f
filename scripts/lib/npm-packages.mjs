import { existsSync } from 'node:fs'
import { join } from 'node:path'
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

/** Runs `npm ci` unless npm's record in node_modules matches the lockfile. `report` receives progress lines. */
export async function ensureNpmPackages(report = log) {
  if (areInstalled(inProject())) return
  report('Installing the npm packages of package-lock.json …')
  // Level error, since npm would warn that Electron's packages want a newer Node, which building doesn't
  // need.
  const { code, output } = await runNpm(['ci', '--loglevel=error'], { cwd: inProject() })
  if (code !== 0) throw new UserError(`npm ci failed:\n${tail(output)}`)
}

/** Whether npm's record in the node_modules of `folder` matches the lockfile there. */
export function areInstalled(folder) {
  const installedLock = join(folder, 'node_modules/.package-lock.json')
  if (!existsSync(installedLock)) return false
  const installed = readJson(installedLock).packages
  return Object.entries(readJson(join(folder, 'package-lock.json')).packages).every(
    ([path, { integrity, optional }]) =>
      // Optional packages may be for another platform.
      path === '' || (path in installed ? installed[path].integrity === integrity : optional === true),
  )
}

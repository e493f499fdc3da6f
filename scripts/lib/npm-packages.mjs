import { existsSync } from 'node:fs'
import { inProject, readJson } from './project.mjs'
import { runNpm, tail } from './run.mjs'
import { Refusal, say } from './say.mjs'

const OLDEST_NODE = [20, 19]

export function checkNode(version = process.versions.node) {
  const [major, minor] = version.split('.').map(Number)
  if (major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1])) return
  throw new Refusal(
    `Podkeeper needs Node.js ${OLDEST_NODE.join('.')} or newer to build; this is ${version} (${process.execPath}).`,
  )
}

/** Runs `npm ci` unless npm's record in node_modules matches the lockfile. `tell` receives progress lines. */
export async function ensureNpmPackages(tell = say) {
  if (areInstalled()) return
  tell('Installing the npm packages of package-lock.json …')
  // Level error, since npm would warn that Electron's packages want a newer Node, which building doesn't
  // need.
  const { code, output } = await runNpm(['ci', '--loglevel=error'], { cwd: inProject() })
  if (code !== 0) throw new Refusal(`npm ci failed:\n${tail(output)}`)
}

function areInstalled() {
  const note = inProject('node_modules/.package-lock.json')
  if (!existsSync(note)) return false
  const installed = readJson(note).packages
  return Object.entries(readJson(inProject('package-lock.json')).packages).every(
    ([path, { integrity, optional }]) =>
      // Optional packages may be for another platform.
      path === '' || (path in installed ? installed[path].integrity === integrity : optional === true),
  )
}

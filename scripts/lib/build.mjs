import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { inProject } from './project.mjs'
import { runNpm, tail } from './run.mjs'
import { UserError } from './log.mjs'

/** Builds the app into out/. Never skipped, because it takes only two seconds and a stale build misleads. */
export async function buildApp() {
  const { code, output } = await runNpm(['run', '--silent', 'build'], { cwd: inProject() })
  if (code !== 0) throw new UserError(`The build failed:\n${tail(output)}`)
}

export const cliProgram = inProject('out/cli/podkeeper.mjs')

/** Source files and folders of the CLI. */
const CLI_SOURCES = [
  ...['core', 'providers', 'simulator', 'ssh', 'node', 'cli'].map((layer) => inProject('src', layer)),
  inProject('cli.vite.config.mts'),
  inProject('package-lock.json'),
  inProject('package.json'),
]

/** Builds the CLI unless its build is newer than all sources. It is called often, also by scripts. */
export async function buildCli() {
  if (existsSync(cliProgram) && statSync(cliProgram).mtimeMs > Math.max(...CLI_SOURCES.map(newestMs))) return
  const { code, output } = await runNpm(['run', '--silent', 'build:cli'], { cwd: inProject() })
  if (code !== 0) throw new UserError(`The build failed:\n${tail(output)}`)
}

function newestMs(path) {
  const entry = statSync(path)
  if (!entry.isDirectory()) return entry.mtimeMs
  return Math.max(entry.mtimeMs, ...readdirSync(path).map((name) => newestMs(join(path, name))))
}

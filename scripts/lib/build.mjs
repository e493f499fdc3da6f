import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { inProject } from './project.mjs'
import { runNpm, tail } from './run.mjs'
import { log, UserError } from './log.mjs'

/** Builds the app into out/. Never skipped, because it takes only two seconds and a stale build misleads. */
export async function buildApp() {
  const { code, output } = await runNpm(['run', '--silent', 'build'], { cwd: inProject() })
  if (code !== 0) throw new UserError(`The build failed:\n${tail(output)}`)
}

const appEntry = inProject('out/main/index.js')

/** The folder of the newest build of the app, with main, preload, renderer, icons and licenses.txt. */
export function appBuildFolder() {
  const [, name] = /\/builds\/([\w.-]+)\//.exec(readFileSync(appEntry, 'utf8')) ?? []
  if (name === undefined) throw new UserError(`${appEntry} starts no build. Run: npm run build`)
  return inProject('out/builds', name)
}

const SOURCES = [
  'src',
  'resources',
  'electron.vite.config.ts',
  'cli.vite.config.mts',
  'package-lock.json',
  'package.json',
]

/** Builds the app unless its build is newer than all sources. */
export async function buildAppIfStale() {
  const sources = SOURCES.map((name) => inProject(name))
  if (isNewer([appEntry, cliProgram], sources)) return
  log('Building the app …')
  await buildApp()
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
  if (isNewer([cliProgram], CLI_SOURCES)) return
  const { code, output } = await runNpm(['run', '--silent', 'build:cli'], { cwd: inProject() })
  if (code !== 0) throw new UserError(`The build failed:\n${tail(output)}`)
}

/** Whether all files of `built` exist and are newer than everything in `sources`, files and folders. */
function isNewer(built, sources) {
  return (
    built.every((file) => existsSync(file)) &&
    Math.min(...built.map((file) => statSync(file).mtimeMs)) > Math.max(...sources.map(newestMs))
  )
}

function newestMs(path) {
  const entry = statSync(path)
  if (!entry.isDirectory()) return entry.mtimeMs
  return Math.max(entry.mtimeMs, ...readdirSync(path).map((name) => newestMs(join(path, name))))
}

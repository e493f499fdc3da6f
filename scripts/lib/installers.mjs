import { createRequire } from 'node:module'
import { areInstalled } from './npm-packages.mjs'
import { inProject } from './project.mjs'
import { runNpm, tail } from './run.mjs'
import { log, UserError } from './log.mjs'

const folder = inProject('tools/installers')

/** Installs the packages that make installers, unless they are there. */
export async function ensureInstallers() {
  if (areInstalled(folder)) return
  log('Installing the npm packages that make installers …')
  const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
  const { code, output } = await runNpm(['ci', ...flags], { cwd: folder })
  if (code !== 0) throw new UserError(`They could not be installed:\n${tail(output)}`)
}

/** Loads one of them. */
export const loadInstaller = (name) => createRequire(`${folder}/package.json`)(name)

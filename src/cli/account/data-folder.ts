import { accessSync, constants, statSync } from 'node:fs'
import { userInfo } from 'node:os'
import { dirname, isAbsolute, join, resolve } from 'node:path'
import { errorText } from '../../core/base/text/error-text'
import { CliExit, exitCodes } from '../output/exit'
import { dataFolderText } from './account-text'

type ProcessEnvironment = Readonly<Record<string, string | undefined>>

/**
 * The data folder to use: `option`, or the app's. It need not exist. Throws a `CliExit` that says what to do when there
 * is no such folder or it cannot be read.
 */
export function chooseDataFolder(option: string | undefined, env: ProcessEnvironment): string {
  if (option?.trim() === '') throw new CliExit(exitCodes.usage, dataFolderText.noPath)
  const folder = option === undefined ? appDataFolder(env) : resolve(option)
  const problem = folderProblem(folder)
  if (problem !== null) throw new CliExit(exitCodes.failed, dataFolderText.unusable(folder, problem))
  return folder
}

/**
 * Like `chooseDataFolder`, for a command that writes there. The home directory is never made: one that is missing was
 * probably not meant.
 */
export function chooseWritableDataFolder(option: string | undefined, env: ProcessEnvironment): string {
  const folder = chooseDataFolder(option, env)
  const home = option === undefined ? homeFolder(env) : null
  if (home !== null && folder.startsWith(join(home, '/')) && !isThere(home))
    throw new CliExit(exitCodes.failed, dataFolderText.homeMissing(home))
  return folder
}

/** The app's data folder, shared with the command line: Electron's user folder of Podkeeper. */
export function appDataFolder(
  env: ProcessEnvironment,
  platform: NodeJS.Platform = process.platform,
  home: string | null = homeFolder(env, platform),
): string {
  const folder = configFolder(env, platform, home)
  if (folder === null || !isAbsolute(folder)) throw new CliExit(exitCodes.failed, dataFolderText.noHome)
  return join(folder, 'Podkeeper')
}

function configFolder(
  env: ProcessEnvironment,
  platform: NodeJS.Platform,
  home: string | null,
): string | null {
  const inHome = (path: string): string | null => (home === null ? null : join(home, path))
  switch (platform) {
    case 'win32':
      return env['APPDATA'] || inHome(join('AppData', 'Roaming'))
    case 'darwin':
      return inHome(join('Library', 'Application Support'))
    default:
      return env['XDG_CONFIG_HOME'] || inHome('.config')
  }
}

/** Null where the system knows none, or an empty one. */
export function homeFolder(
  env: ProcessEnvironment,
  platform: NodeJS.Platform = process.platform,
): string | null {
  const given = env[platform === 'win32' ? 'USERPROFILE' : 'HOME']
  if (given !== undefined) return given || null
  try {
    return userInfo().homedir || null
  } catch {
    return null
  }
}

/** Why a folder cannot be read, as a clause; null if it can, or if nothing of that name exists yet. */
function folderProblem(folder: string): string | null {
  try {
    const stat = statSync(folder, { throwIfNoEntry: false })
    if (stat === undefined) return dirname(folder) === folder ? null : parentProblem(dirname(folder))
    if (!stat.isDirectory()) return dataFolderText.noFolder(folder)
    accessSync(folder, constants.R_OK | constants.X_OK)
    return null
  } catch (cause) {
    return errorText(cause)
  }
}

/** A folder that is only passed through need not be readable. */
function parentProblem(folder: string): string | null {
  const stat = statSync(folder, { throwIfNoEntry: false })
  if (stat === undefined) return dirname(folder) === folder ? null : parentProblem(dirname(folder))
  return stat.isDirectory() ? null : dataFolderText.noFolder(folder)
}

const isThere = (path: string): boolean => statSync(path, { throwIfNoEntry: false }) !== undefined

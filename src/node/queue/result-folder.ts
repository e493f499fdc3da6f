import { createHash } from 'node:crypto'
import { existsSync, lstatSync, mkdirSync, readdirSync, rmSync, statfsSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { formatBytes } from '../../core/base/text/format'
import { errorText } from '../../core/base/text/error-text'
import { fail, ok, type Result } from '../../core/base/result'
import type { ResultFiles } from '../../core/queue/queue-ports'
import type { ResultFile } from '../../core/queue/host/job-host'
import { errorCode } from '../data-folder/files/error-code'

const MAX_TRIES = 1_000

/** The file next to a result that has what was received of it so far. */
export const partNameOf = ({ name, sha256 }: Pick<ResultFile, 'name' | 'sha256'>): string =>
  `${PART_PREFIX}${createHash('sha256').update(`${sha256} ${name}`).digest('hex').slice(0, 16)}${PART_SUFFIX}`

const PART_PREFIX = '.podkeeper-'
const PART_SUFFIX = '.part'

const folderName = (label: string): string =>
  label.replaceAll(/[^\w.-]+/g, '-').replaceAll(/^[.-]+|[.-]+$/g, '') || 'results'

function openResultFolder(folder: string, label: string): Result<string, string> {
  const path = join(folder, folderName(label))
  try {
    mkdirSync(path, { recursive: true })
    return lstatSync(path).isDirectory() ? ok(path) : fail(`${path} is a link.`)
  } catch (cause) {
    return fail(`No folder for the results can be made in ${folder} (${errorText(cause)}).`)
  }
}

function roomProblem(folder: string, files: readonly ResultFile[]): string | null {
  const sizeOf = (path: string): number => {
    try {
      return lstatSync(path).size
    } catch {
      return 0
    }
  }
  const neededBytes = files.reduce((sum, file) => {
    const path = join(folder, file.name)
    const hereBytes = Math.max(sizeOf(path), sizeOf(join(dirname(path), partNameOf(file))))
    return sum + Math.max(0, file.sizeBytes - hereBytes)
  }, 0)
  try {
    const { bavail, bsize } = statfsSync(folder)
    const freeBytes = bavail * bsize
    return neededBytes <= freeBytes
      ? null
      : `The results need ${formatBytes(neededBytes)}, and ${folder} has room for ${formatBytes(freeBytes)}.`
  } catch {
    return null
  }
}

function removeParts(folder: string, label: string): void {
  const path = join(folder, folderName(label))
  if (!existsSync(path)) return
  for (const name of readdirSync(path, { recursive: true, encoding: 'utf8' })) {
    const file = basename(name)
    if (file.startsWith(PART_PREFIX) && file.endsWith(PART_SUFFIX)) rmSync(join(path, name), { force: true })
  }
}

function makeResultFolder(folder: string, label: string): Result<string, string> {
  const name = folderName(label)
  try {
    mkdirSync(folder, { recursive: true })
    for (let tries = 1; tries <= MAX_TRIES; tries += 1) {
      const path = join(folder, tries === 1 ? name : `${name}-${tries}`)
      try {
        mkdirSync(path)
        return ok(path)
      } catch (cause) {
        if (errorCode(cause) !== 'EEXIST') throw cause
      }
    }
    return fail(`${folder} has too many folders named ${name}.`)
  } catch (cause) {
    return fail(`No folder for the results can be made in ${folder} (${errorText(cause)}).`)
  }
}

/** On this computer. */
export const localResultFiles: ResultFiles = {
  makeFolder: makeResultFolder,
  openFolder: openResultFolder,
  roomProblem,
  removeParts,
}

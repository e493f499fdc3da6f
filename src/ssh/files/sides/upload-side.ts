import { basename, resolve } from 'node:path'
import { displayName, lastName } from '../../../core/files/file-name'
import { localEntry, walkLocal } from './local-files'
import { entryAt, toEntry } from './remote-files'
import { SftpError } from '../sftp/sftp-error'
import { FileProblem, TransferProblem } from '../session/transfer-problems'
import { sendFile } from './send-file'
import { listSources, type Source, type TransferSide } from './transfer-side'

const isFailure = (error: unknown): boolean => error instanceof SftpError && error.kind === 'failure'

async function sourceAt(path: string): Promise<Source> {
  const absolute = resolve(path)
  const entry = await localEntry(absolute, true)
  if (entry === null) throw new TransferProblem(`there is no ${displayName(path)}`)
  const name = basename(absolute)
  if (name === '') throw new TransferProblem('a whole disk can’t be copied')
  return { name, path: absolute, entry }
}

/** From this computer to a pod. */
export const uploadSide: TransferSide = {
  platform: null,
  async select({ sftp }, paths, destination) {
    const found: Source[] = []
    for (const path of paths) found.push(await sourceAt(path))
    const wanted = destination || '.'
    const there = await entryAt(wanted, sftp.stat)
    if (there?.kind === 'folder')
      return { base: await sftp.realpath(wanted), ...(await listSources(found, walkLocal)) }
    const [only] = found
    if (only === undefined || found.length > 1)
      throw new TransferProblem(`${displayName(wanted)} isn’t a folder on the pod`)
    if (there !== null && only.entry.kind === 'folder')
      throw new TransferProblem(`${displayName(wanted)} is on the pod and isn’t a folder`)
    const name = lastName(wanted)
    const typedParent =
      wanted
        .replace(/\/+$/, '')
        .slice(0, -name.length)
        .replace(/(?<=.)\/+$/, '') || '.'
    const parent = await entryAt(typedParent, sftp.stat)
    if (parent?.kind !== 'folder')
      throw new TransferProblem(`the pod has no folder ${displayName(typedParent)}`)
    return { base: await sftp.realpath(typedParent), ...(await listSources([{ ...only, name }], walkLocal)) }
  },
  freeBytes: async ({ sftp }, base) => (await sftp.space(base).catch(() => null))?.freeBytes ?? null,
  entryAt: ({ sftp }, path) => entryAt(path, sftp.lstat),
  namesIn: async ({ sftp }, folder) => (await sftp.readFolder(folder, MAX_NAMES)).map(({ name }) => name),
  async makeFolder({ sftp }, path, mode) {
    try {
      await sftp.makeFolder(path, mode | 0o700)
    } catch (error) {
      if (!isFailure(error)) throw error
      // The pod is its owner's: a link to a folder may lead elsewhere there.
      if (toEntry('', await sftp.stat(path)).kind !== 'folder')
        throw new FileProblem('something that isn’t a folder has its name there')
    }
  },
  async makeLink({ sftp }, path, target) {
    try {
      await sftp.makeLink(path, target)
      return 'copied'
    } catch (error) {
      if (!isFailure(error)) throw error
      if ((await sftp.readlink(path).catch(() => null)) === target) return 'same'
      throw new FileProblem('something else has its name there')
    }
  },
  copyBytes: sendFile,
  rename: ({ sftp }, from, to) => sftp.rename(from, to),
  remove: ({ sftp }, path) => sftp.remove(path),
}

/** Of a folder in which parts of files are looked for. */
const MAX_NAMES = 100_000

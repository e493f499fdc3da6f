import { createHash, type Hash } from 'node:crypto'
import { constants } from 'node:fs'
import { type FileHandle, link, lstat, mkdir, open, realpath, rename, unlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { errorText } from '../../core/base/text/error-text'
import { fail, ok, type Result } from '../../core/base/result'
import type { ResultFile } from '../../core/queue/host/job-host'
import { parseResultName } from '../../core/queue/host/result-name'
import { partNameOf } from '../../node/queue/result-folder'

/** A file that gets its name once it is whole. Errors are sentences. */
export interface NewResultFile {
  readonly path: string
  /** What an earlier try received of it. */
  readonly receivedBytes: number
  /** Of that. */
  readonly hash: Hash
  write(bytes: Uint8Array): Promise<void>
  /** Gives it its name, unless something has that by now. */
  finish(): Promise<Result<string, string>>
  /** Keeps what was received for another try. */
  keep(): Promise<void>
  discard(): Promise<void>
}

/**
 * Creates a file inside `folder` for a result, whose name is hostile: folders on the way are created, none of them
 * may be a link, and nothing is overwritten. What an earlier try received is kept in a file that is named by name and
 * hash, and counts. `here`: the file was fetched before.
 */
export async function createResultFile(
  folder: string,
  file: ResultFile,
): Promise<Result<NewResultFile | { readonly here: string }, string>> {
  const parts = parseResultName(file.name)
  if (!parts.ok) return parts
  try {
    const parent = await enterFolders(await realpath(folder), parts.value.slice(0, -1))
    const path = join(parent, parts.value.at(-1) ?? '')
    const existing = await lstat(path).catch(() => null)
    if (existing !== null) {
      const isSame =
        existing.isFile() && existing.size === file.sizeBytes && (await hashOf(path)) === file.sha256
      return isSame ? ok({ here: path }) : fail(alreadyThere(file))
    }
    const partial = join(parent, partNameOf(file))
    const flags = constants.O_CREAT | constants.O_RDWR | constants.O_APPEND | (constants.O_NOFOLLOW ?? 0)
    const handle = await open(partial, flags, 0o666)
    // A folder that became a link meanwhile.
    if ((await realpath(dirname(partial))) !== parent) {
      await handle.close()
      return fail('The folder changed while a file was created in it.')
    }
    const before = await receivedIn(handle, file)
    return ok({
      path,
      ...before,
      write: (bytes) => handle.writeFile(bytes),
      async finish() {
        try {
          await handle.sync()
          await handle.close()
          await giveName(partial, path)
          return ok(path)
        } catch (error) {
          await unlink(partial).catch(() => {})
          return fail(
            isExisting(error) ? alreadyThere(file) : `The file can't be saved: ${errorText(error)}.`,
          )
        }
      },
      keep: () => handle.close().catch(() => {}),
      async discard() {
        await handle.close().catch(() => {})
        await unlink(partial).catch(() => {})
      },
    })
  } catch (error) {
    return fail(`The file can't be created: ${errorText(error)}.`)
  }
}

const alreadyThere = ({ name }: ResultFile): string => `The folder already has another file ${name}.`

const isExisting = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'EEXIST'

async function enterFolders(start: string, names: readonly string[]): Promise<string> {
  let path = start
  for (const name of names) {
    path = join(path, name)
    await mkdir(path).catch((error: unknown) => {
      if (!isExisting(error)) throw error
    })
    if (!(await lstat(path)).isDirectory()) throw new Error(`${name} isn't a folder`)
  }
  return path
}

/** Without replacing anything, also where the file system has no hard links. */
async function giveName(partial: string, path: string): Promise<void> {
  try {
    await link(partial, path)
    await unlink(partial)
  } catch (error) {
    if (isExisting(error)) throw error
    await (await open(path, 'wx')).close()
    await rename(partial, path)
  }
}

/** More than the whole file, or something else than a file, is nothing. */
async function receivedIn(
  handle: FileHandle,
  { sizeBytes }: ResultFile,
): Promise<Pick<NewResultFile, 'receivedBytes' | 'hash'>> {
  const { size } = await handle.stat()
  if (size <= sizeBytes) return { receivedBytes: size, hash: await hashIn(handle) }
  await handle.truncate(0)
  return { receivedBytes: 0, hash: createHash('sha256') }
}

async function hashIn(handle: FileHandle): Promise<Hash> {
  const hash = createHash('sha256')
  for await (const chunk of handle.createReadStream({ start: 0, autoClose: false }))
    hash.update(chunk as Buffer)
  return hash
}

async function hashOf(path: string): Promise<string> {
  const handle = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0))
  try {
    return (await hashIn(handle)).digest('hex')
  } finally {
    await handle.close()
  }
}

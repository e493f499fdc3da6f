import { createHash, randomBytes } from 'node:crypto'
import { constants } from 'node:fs'
import { link, lstat, mkdir, open, realpath, rename, unlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { errorText } from '../../core/base/text/error-text'
import { fail, ok, type Result } from '../../core/base/result'
import type { ResultFile } from '../../core/queue/host/job-host'
import { parseResultName } from '../../core/queue/host/result-name'

/** A file that gets its name once it is whole. Errors are sentences. */
export interface NewResultFile {
  readonly path: string
  write(bytes: Uint8Array): Promise<void>
  /** Gives it its name, unless something has that by now. */
  finish(): Promise<Result<string, string>>
  discard(): Promise<void>
}

/**
 * Creates a file inside `folder` for a result, whose name is hostile: folders on the way are created, none of them
 * may be a link, and nothing is overwritten. `here`: the file was fetched before.
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
    const partial = join(parent, `.podkeeper-${randomBytes(8).toString('hex')}.part`)
    const handle = await open(partial, constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY, 0o666)
    // A folder that became a link meanwhile.
    if ((await realpath(dirname(partial))) !== parent) {
      await handle.close()
      return fail('The folder changed while a file was created in it.')
    }
    return ok({
      path,
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

async function hashOf(path: string): Promise<string> {
  const handle = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0))
  try {
    const hash = createHash('sha256')
    for await (const chunk of handle.createReadStream({ autoClose: false })) hash.update(chunk as Buffer)
    return hash.digest('hex')
  } finally {
    await handle.close()
  }
}

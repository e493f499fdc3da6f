import { readdir, rename, rm } from 'node:fs/promises'
import { basename, extname, join } from 'node:path'
import { fail, ok, type Result } from '../../core/base/result'
import { errorText } from '../../core/base/text/error-text'
import type { Clock } from '../../core/base/time/clock'
import { MINUTE_MS } from '../../core/base/time/time'
import type { ReleaseFile } from '../../core/updates/release-feed'
import type { DownloadFailure, UpdateDownloadOptions } from '../../core/updates/update-download'
import { updatesText } from '../../core/updates/updates-text'
import { errorCode } from '../../node/data-folder/files/error-code'
import { makeFolders, makePrivate } from '../../node/data-folder/files/private-folder'
import type { FetchReleaseFile } from '../../providers/updates/fetch-release-file'
import { isReleaseFile, openPartFile, type PartFile } from './part-file'

export interface FileDownloadOptions {
  readonly clock: Clock
  /** Holds nothing else. Made private to this user. */
  readonly folder: string
  readonly fetchFile: FetchReleaseFile
}

interface DownloadProgress {
  readonly onBytes: (doneBytes: number) => void
  readonly signal: AbortSignal
}

/** A connection over which nothing arrives for so long is given up. */
const STALLED_MS = MINUTE_MS

/**
 * Downloads a file of a signed feed and verifies it. What an interruption left is continued; what doesn't match is
 * deleted. Files of other releases are deleted. See docs/product-rules.md#171-download-and-install.
 */
export function createFileDownload(options: FileDownloadOptions): UpdateDownloadOptions['download'] {
  const { clock, folder, fetchFile } = options

  return (file, onBytes) => {
    const controller = new AbortController()
    return {
      done: download(file, { onBytes, signal: controller.signal }),
      cancel: () => controller.abort(),
    }
  }

  async function download(
    file: ReleaseFile,
    progress: DownloadProgress,
  ): Promise<Result<string, DownloadFailure>> {
    const whole = join(folder, `${file.sha256}${extname(file.name)}`)
    const part = `${whole}.part`
    try {
      makeFolders(folder)
      if (!makePrivate(folder)) return failed(updatesText.folderNotPrivate)
      await removeOthers(folder, [basename(whole), basename(part)])
      if (await isReleaseFile(whole, file)) return ok(whole)
      await rm(whole, { force: true })
      return await fetchWhole(file, progress, whole, part)
    } catch (cause) {
      if (!isFull(cause)) return failed(updatesText.notStored(errorText(cause)))
      // Others need the room more.
      await rm(part, { force: true }).catch(() => {})
      return failed(updatesText.diskFull)
    }
  }

  /** Throws file system errors. */
  async function fetchWhole(
    file: ReleaseFile,
    progress: DownloadProgress,
    whole: string,
    part: string,
  ): Promise<Result<string, DownloadFailure>> {
    const opened = await openPartFile(part, file)
    const leftBytes = opened.bytes()
    let end: FetchEnd
    let isWhole: boolean
    try {
      end = leftBytes === file.sizeBytes ? 'ended' : await fetchInto(opened, file, progress)
      isWhole = end === 'ended' && (await opened.isWhole())
    } finally {
      await opened.close()
    }
    if (isWhole) {
      await rename(part, whole)
      return ok(whole)
    }
    if (end !== 'ended' && end !== 'too-large') return failed(end.problem)
    if (end === 'ended' && opened.bytes() < file.sizeBytes) return failed(updatesText.interrupted)
    await rm(part, { force: true })
    // What was left may have been of something else.
    if (leftBytes > 0) return fetchWhole(file, progress, whole, part)
    return fail({ problem: updatesText.notTheFile, isForeign: true })
  }

  async function fetchInto(part: PartFile, file: ReleaseFile, progress: DownloadProgress): Promise<FetchEnd> {
    const controller = new AbortController()
    const abort = (): void => controller.abort()
    progress.signal.addEventListener('abort', abort)
    let cancelStall = clock.schedule(STALLED_MS, abort)
    let diskError: { readonly cause: unknown } | null = null
    const { signal } = controller
    const fetched = await fetchFile(
      { name: file.name, fromByte: part.bytes(), signal },
      async ({ startsAtByte, chunks }) => {
        const write = async <T>(writing: Promise<T>): Promise<T> =>
          writing.catch((cause: unknown) => {
            diskError = { cause }
            throw cause
          })
        if (startsAtByte === 0) await write(part.restart())
        for await (const chunk of chunks) {
          cancelStall()
          cancelStall = clock.schedule(STALLED_MS, abort)
          if (!(await write(part.append(chunk)))) return ok('too-large' as const)
          progress.onBytes(part.bytes())
        }
        return ok('ended' as const)
      },
    )
    cancelStall()
    progress.signal.removeEventListener('abort', abort)
    if (diskError !== null) throw (diskError as { readonly cause: unknown }).cause
    return fetched.ok ? fetched.value : { problem: fetched.error }
  }
}

type FetchEnd = 'ended' | 'too-large' | { readonly problem: string }

const failed = (problem: string): Result<never, DownloadFailure> => fail({ problem, isForeign: false })

const isFull = (cause: unknown): boolean => ['ENOSPC', 'EDQUOT'].includes(errorCode(cause) ?? '')

async function removeOthers(folder: string, kept: readonly string[]): Promise<void> {
  for (const name of await readdir(folder))
    if (!kept.includes(name)) await rm(join(folder, name), { recursive: true, force: true })
}

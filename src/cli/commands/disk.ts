import { type FolderSize, usedShare } from '../../core/disk/disk-reading'
import {
  diskTitle,
  forecastText,
  MAX_FORECAST_MS,
  sharePercent,
  unreadText,
  usedText,
} from '../../core/disk/disk-text'
import type { PodDisksView } from '../../core/disk/disk-watch'
import type { Result } from '../../core/base/result'
import { exitCodes } from '../output/exit'
import { accountJson, iso, JSON_VERSION } from '../output/json'
import { diskText } from './commands-text'
import { findOnlyPod, type LookOptions } from './look'

export interface DiskOptions extends LookOptions {
  /** The path of the disk whose largest folders are measured; null: none. */
  readonly folders: string | null
}

/** Prints how full the disks of a pod are, or the largest folders of one of them; returns the exit code. */
export async function disk(options: DiskOptions): Promise<number> {
  const { folders: path, isJson, output } = options
  const { account, pod } = await findOnlyPod(options)
  const { monitor } = account
  output.status(path === null ? diskText.reading(pod.name) : diskText.measuring(path))
  const read: Result<PodDisksView | readonly FolderSize[], string> =
    path === null ? await monitor.readDisks(pod.id) : await monitor.measureFolders(pod.id, path)
  output.clearStatus()
  if (!read.ok) output.progress(read.error)
  if (isJson)
    output.result(
      JSON.stringify(
        {
          version: JSON_VERSION,
          account: accountJson(account),
          pod: { id: pod.id, name: pod.name },
          ...(read.ok ? diskJson(read.value) : path === null ? { disks: null } : { folders: null }),
          message: read.ok ? null : read.error,
        },
        null,
        2,
      ),
    )
  else if (read.ok) for (const line of diskLines(read.value)) output.result(line)
  return read.ok ? exitCodes.ok : exitCodes.failed
}

const areFolders = (read: PodDisksView | readonly FolderSize[]): read is readonly FolderSize[] =>
  Array.isArray(read)

function diskJson(read: PodDisksView | readonly FolderSize[]) {
  if (areFolders(read)) return { folders: read.map(({ path, bytes }) => ({ path, bytes })) }
  return {
    disks: [
      ...read.disks.map(({ kind, path, usedBytes, freeBytes, atMs }) => ({
        kind,
        path,
        usedBytes,
        freeBytes,
        at: iso(atMs),
        reason: null,
      })),
      ...read.unread.map((one) => ({
        kind: one.kind,
        path: one.path,
        usedBytes: null,
        freeBytes: null,
        at: null,
        reason: one.why,
      })),
    ],
  }
}

function diskLines(read: PodDisksView | readonly FolderSize[]): readonly string[] {
  if (areFolders(read)) return read.map(({ bytes, path }) => diskText.folder(bytes, path))
  return [
    ...read.disks.map((one) => {
      const { usedBytes, freeBytes, fullInMs } = one
      const forecast = fullInMs !== null && fullInMs <= MAX_FORECAST_MS ? forecastText(fullInMs) : null
      return diskText.row(
        diskTitle(one),
        sharePercent(usedShare(one)),
        usedText(usedBytes, freeBytes),
        forecast,
      )
    }),
    ...read.unread.map((one) => diskText.unread(diskTitle(one), unreadText(one))),
  ]
}

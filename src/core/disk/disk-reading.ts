import { plainText } from '../base/text/plain-text'
import { fail, ok, type Result } from '../base/result'
import { shellWord } from '../base/text/shell-word'

/** A disk of a pod that programs in it can fill. */
export interface PodDisk {
  readonly kind: 'container' | 'volume' | 'network-volume'
  /** Where it is mounted in the pod; `/` for the container disk. */
  readonly path: string
  /** As the service says; null: not known. */
  readonly sizeGb: number | null
}

/** A disk whose use is known. */
export interface DiskUse {
  readonly kind: PodDisk['kind']
  readonly path: string
  readonly usedBytes: number
  /** That programs may still write. */
  readonly freeBytes: number
}

/** Why the use of one disk is not known. */
export interface UnreadDisk {
  readonly kind: PodDisk['kind']
  readonly path: string
  readonly why: 'not-mounted' | 'no-answer' | 'other-size'
}

/** What was read of the disks of a pod. */
export interface DiskReading {
  readonly disks: readonly DiskUse[]
  readonly unread: readonly UnreadDisk[]
}

/** A folder, with what it takes. */
export interface FolderSize {
  readonly path: string
  readonly bytes: number
}

/** Between 0 and 1. */
export const usedShare = ({ usedBytes, freeBytes }: Pick<DiskUse, 'usedBytes' | 'freeBytes'>): number =>
  usedBytes / (usedBytes + freeBytes)

/** One question takes longer where a network volume doesn't answer, s. */
const ANSWER_S = 10
/** More than a pod may mount. */
const MAX_DISKS = 8
const KIB = 1_024
const GB = 1e9
const GIB = KIB ** 3
/** File systems keep some of a disk for themselves. */
const LEAST_OF_SIZE = 0.85
const MOST_OF_SIZE = 1.05
/** Figures are in whole KiB. */
const ROUNDING = 4 * KIB
/** No disk of a pod is larger, bytes. */
const MOST_BYTES = 1e18

/**
 * A POSIX `sh` script that prints what `df` says of each disk, for `parseDisks`. It writes nothing. Only printable ASCII.
 */
export const diskScript = (disks: readonly PodDisk[]): string => `export LC_ALL=C
t=
timeout 1 true >/dev/null 2>&1 && t='timeout -s KILL ${ANSWER_S}'
q() { echo disk; $t df -kP "$1" 2>/dev/null | sed -n 2p; }
${askable(disks)
  .map(({ path }) => `q ${shellWord(path)}\n`)
  .join('')}echo end`

/** Those whose path any shell and any terminal takes as it is. */
const askable = (disks: readonly PodDisk[]): readonly PodDisk[] =>
  disks.filter(({ path }) => /^\/[ -~]{0,1000}$/.test(path)).slice(0, MAX_DISKS)

/**
 * Reads the output of `diskScript` for the same disks. All of it is hostile. A disk counts only where the file system at
 * its path is mounted there and has about the size that the service says: a container without a limit of its own shows
 * the host's disk, and a network volume may show the storage of the whole data center.
 */
export function parseDisks(asked: readonly PodDisk[], output: string): Result<DiskReading, string> {
  const lines = output.split('\n').map((line) => line.trim())
  const first = lines.indexOf('disk')
  const end = lines.lastIndexOf('end')
  if (first === -1 || end < first) return fail('its shell could not read its disks')
  const answers: (string | null)[] = []
  for (const line of lines.slice(first, end)) {
    if (line === 'disk') answers.push(null)
    else if (line !== '') answers[answers.length - 1] = line
  }
  const disks = askable(asked)
  if (answers.length !== disks.length) return fail('what it shows about its disks could not be read')
  const read = disks.map((disk, index) => parseDisk(disk, answers[index] ?? null))
  return ok({
    disks: read.filter((one): one is DiskUse => !('why' in one)),
    unread: read.filter((one): one is UnreadDisk => 'why' in one),
  })
}

const DF_LINE = /\s(\d{1,18})\s+(\d{1,18})\s+(\d{1,18})\s+(?:\d{1,3}%|-)\s+(\/.*)$/

function parseDisk({ kind, path, sizeGb }: PodDisk, line: string | null): DiskUse | UnreadDisk {
  const [, total, used, free, mountedAt] = DF_LINE.exec(line ?? '') ?? []
  if (mountedAt === undefined) return { kind, path, why: 'no-answer' }
  if (withoutSlash(mountedAt) !== withoutSlash(path)) return { kind, path, why: 'not-mounted' }
  const [totalBytes, usedBytes, freeBytes] = [Number(total) * KIB, Number(used) * KIB, Number(free) * KIB]
  const knownBytes = usedBytes + freeBytes
  if (knownBytes === 0 || knownBytes > totalBytes + ROUNDING || totalBytes > MOST_BYTES)
    return { kind, path, why: 'no-answer' }
  const isItsOwn =
    sizeGb !== null && totalBytes >= sizeGb * GB * LEAST_OF_SIZE && totalBytes <= sizeGb * GIB * MOST_OF_SIZE
  return isItsOwn ? { kind, path, usedBytes, freeBytes } : { kind, path, why: 'other-size' }
}

const withoutSlash = (path: string): string => (path.length > 1 ? path.replace(/\/$/, '') : path)

/** How many of the largest folders are shown. */
export const MAX_FOLDERS = 20
/** How long they may be measured, s. */
export const FOLDERS_S = 90

/**
 * A POSIX `sh` script that prints the largest folders of a disk down to the second level, for `parseFolders`. It stays on
 * that file system and writes nothing.
 */
export const folderScript = ({ path }: Pick<PodDisk, 'path'>): string => `export LC_ALL=C
t=
timeout 1 true >/dev/null 2>&1 && t='timeout ${FOLDERS_S}'
echo folders
$t du -xk -d 2 ${shellWord(path)} 2>/dev/null | sort -rn | head -n ${MAX_FOLDERS + 1}
echo end`

/** Reads the output of `folderScript`, largest first; the first one is the disk itself. All of it is hostile. */
export function parseFolders(
  { path }: Pick<PodDisk, 'path'>,
  output: string,
): Result<readonly FolderSize[], string> {
  const lines = output.split('\n')
  const first = lines.indexOf('folders')
  const end = lines.lastIndexOf('end')
  if (first === -1 || end < first) return fail('its shell could not measure its folders')
  const root = withoutSlash(path)
  const inside = root === '/' ? '/' : `${root}/`
  const folders = lines.slice(first + 1, end).flatMap((line): FolderSize[] => {
    const [, size, folder] = /^(\d{1,15})\t(\/.*)$/.exec(line) ?? []
    if (folder === undefined || (withoutSlash(folder) !== root && !folder.startsWith(inside))) return []
    return [{ path: plainText(folder), bytes: Number(size) * KIB }]
  })
  const all = folders.find((folder) => withoutSlash(folder.path) === withoutSlash(plainText(path)))
  // Without the sum it ended before it had seen everything.
  if (all === undefined) return fail('measuring its folders took too long')
  return ok([all, ...folders.filter((folder) => folder !== all)].slice(0, MAX_FOLDERS + 1))
}

import type { FileEntry } from './file-entry'
import { foldedName, localNameProblem, type NamePlatform } from './local-name'

/** A file that is not copied, and why, as a clause. */
export interface Omission {
  readonly path: string
  readonly reason: string
}

/** What a transfer would copy. Folders come before what is in them. Paths begin with the name of what is copied. */
export interface TransferPlan {
  readonly folders: readonly FileEntry[]
  readonly files: readonly FileEntry[]
  readonly links: readonly FileEntry[]
  readonly omitted: readonly Omission[]
  /** Of all files, as announced: no more than this is written. */
  readonly totalBytes: number
}

/** A folder with more than this is not copied at all. */
export const MAX_ENTRIES = 500_000
/** Folders in folders. */
export const MAX_DEPTH = 100
/** The blocks in which disks store files, which folders and links take, too. */
const BLOCK_BYTES = 4_096

const depthOf = (path: string): number => path.split('/').length - 1

/**
 * Decides what of a listing is copied. `target`: the platform that stores it, whose folder nothing may leave; null for
 * a pod, which takes all names. What is in a folder that is left out must not be listed. See
 * docs/product-rules.md#133-files.
 */
export function planTransfer(
  entries: readonly FileEntry[],
  omitted: readonly Omission[],
  target: NamePlatform | null,
): TransferPlan {
  const left: Omission[] = [...omitted]
  const kept = { file: [] as FileEntry[], folder: [] as FileEntry[], link: [] as FileEntry[] }
  const taken = new Set<string>()
  const leftOut = new Set<string>()
  const sorted = [...entries].sort((one, other) => depthOf(one.path) - depthOf(other.path))
  for (const entry of sorted) {
    const { path, kind } = entry
    const parent = path.slice(0, Math.max(0, path.lastIndexOf('/')))
    const reason = leftOut.has(parent) ? 'its folder is not copied' : problemOf(entry, target)
    const folded = foldedName(path, target ?? 'linux')
    const why = reason ?? (taken.has(folded) ? 'another one has this name' : null)
    if (why === null && kind !== 'other') {
      taken.add(folded)
      kept[kind].push(entry)
    } else {
      if (kind === 'folder') leftOut.add(path)
      left.push({ path, reason: why ?? 'it is neither file nor folder' })
    }
  }
  const totalBytes = kept.file.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
  return { files: kept.file, folders: kept.folder, links: kept.link, omitted: left, totalBytes }
}

function problemOf(entry: FileEntry, target: NamePlatform | null): string | null {
  const { path, kind } = entry
  if (kind === 'other') return 'it is neither file nor folder'
  if (target === null) return null
  for (const name of path.split('/')) {
    const problem = localNameProblem(name, target)
    if (problem !== null) return problem
  }
  if (kind !== 'link') return null
  if (target === 'win32') return 'links can’t be made on Windows'
  if (entry.target === null) return 'its target is not known'
  // The first name is that of the copied folder.
  return isInnerTarget(entry.target, depthOf(path) - 1) ? null : 'it is a link that leads out of the folder'
}

/** What the plan takes on a disk. */
export function diskBytesOf({ files, folders, links }: TransferPlan): number {
  const blocks = files.reduce(
    (sum, { sizeBytes }) => sum + Math.ceil(sizeBytes / BLOCK_BYTES) * BLOCK_BYTES,
    0,
  )
  return blocks + (files.length + folders.length + links.length) * BLOCK_BYTES
}

/**
 * Whether a symbolic link, whose folder is so many folders below the copied one, leads nowhere outside of it. Its ".."
 * must come first, because behind another link they would start elsewhere. So links of which each holds this can't
 * lead out together.
 */
export function isInnerTarget(target: string, depth: number): boolean {
  if (target === '' || target.startsWith('/') || /[\0\\]/.test(target)) return false
  const parts = target.split('/').filter((part) => part !== '' && part !== '.')
  const up = parts.findIndex((part) => part !== '..')
  const leading = up === -1 ? parts.length : up
  return leading <= depth && !parts.slice(leading).includes('..')
}

import { withoutEnd } from '../base/text/without-end'
import type { PodKey } from '../pods/pod'
import type { FileEntry, FileKind } from './file-entry'
import type { Omission } from './transfer-plan'
import type { TransferProgress } from './transfer-progress'

export type TransferDirection = 'upload' | 'download'

export type TransferState =
  /** Others have to end first. */
  | { readonly kind: 'waiting' }
  | { readonly kind: 'connecting' }
  /** The app's own window asks about a host key or a passphrase. */
  | { readonly kind: 'asking' }
  /** What is to be copied is counted. */
  | { readonly kind: 'counting' }
  | { readonly kind: 'copying' }
  /** The connection was lost, and is made again. */
  | { readonly kind: 'lost' }
  | { readonly kind: 'paused' }
  | { readonly kind: 'done'; readonly tookMs: number }
  /** `message`: sentences. */
  | { readonly kind: 'failed'; readonly message: string }

/** A transfer, as a window shows it. Of local paths it has names only. */
export interface TransferView {
  readonly id: string
  readonly podKey: PodKey
  readonly podName: string
  readonly direction: TransferDirection
  /** Of what is copied, in the form of `decodeName`; the first of `count`. */
  readonly names: readonly string[]
  readonly count: number
  /** The folder of the pod, or the name of the one here, that gets them; empty: the pod's home folder. */
  readonly place: string
  readonly state: TransferState
  /** Null before it is known what is copied. */
  readonly progress: TransferProgress | null
  readonly copied: number
  /** Files that were there already. */
  readonly same: number
  /** What was not copied, the first ones, and how many in all. */
  readonly skipped: readonly Omission[]
  readonly skippedCount: number
}

export interface TransfersView {
  /** Increases with each change. */
  readonly revision: number
  /** The newest first. */
  readonly transfers: readonly TransferView[]
}

/** `leadsTo`: what a link leads to; null for nothing, and for what is no link. */
export interface FolderItem extends FileEntry {
  readonly leadsTo: FileKind | null
}

/** What is in a folder, by name. */
export interface NamedItem {
  readonly name: string
  readonly kind: FileKind
}

/** A folder as a window shows it. */
export interface FolderView {
  /** On a pod absolute; of this computer relative to the folder that a person opened. In the form of `decodeName`. */
  readonly path: string
  /** Folders first, then by name. */
  readonly items: readonly FolderItem[]
  /** How many more there are. */
  readonly leftOutCount: number
}

/** A folder of this computer that a person opened in the system's dialog. */
export interface LocalRoot {
  readonly id: string
  /** Its name, without where it is. */
  readonly name: string
}

/** Transfers at a time; others wait. */
export const MAX_RUNNING_TRANSFERS = 3
/** Transfers that are listed; the oldest ones that ended are forgotten first. */
export const MAX_TRANSFERS = 50
export const MAX_NAMES_SHOWN = 3
export const MAX_SKIPPED_SHOWN = 100
/** Files of a folder that are shown. */
export const MAX_FOLDER_ITEMS = 1_000
/** Characters of a path in a request. */
export const MAX_PATH_CHARS = 4_096
/** Names in a request. */
export const MAX_NAMES = 500

/** What can be deleted at a time: all of it is named in the question. */
export const MAX_DELETED = 50

/** Whether a path of a pod leads from its root to one place; what a request says is none of these otherwise. */
export const isAbsolutePodPath = (path: string): boolean =>
  path.startsWith('/') && path.length <= MAX_PATH_CHARS && !path.includes('\0')

/** Whether it is the name of something in a folder, and leads nowhere else. */
export const isPlainName = (name: string): boolean =>
  name !== '' && name !== '.' && name !== '..' && !/[/\0]/.test(name)

/** Whether it is empty, or plain names with "/" between them. */
export const isInnerPath = (path: string): boolean => path === '' || path.split('/').every(isPlainName)

/** Those that a window shows, in the order in which it does. */
export function shownItems<T extends Pick<FileEntry, 'kind' | 'path'>>(
  all: readonly T[],
): { readonly shown: readonly T[]; readonly leftOutCount: number } {
  const rank = ({ kind }: Pick<FileEntry, 'kind'>): number => (kind === 'folder' ? 0 : 1)
  const sorted = [...all].sort(
    (one, other) => rank(one) - rank(other) || (one.path < other.path ? -1 : one.path > other.path ? 1 : 0),
  )
  const shown = sorted.slice(0, MAX_FOLDER_ITEMS)
  return { shown, leftOutCount: sorted.length - shown.length }
}

/** The folder of a pod's path; the root's is the root. */
export function parentOfPath(path: string): string {
  const whole = withoutEnd(path, '/')
  return withoutEnd(whole.slice(0, whole.lastIndexOf('/') + 1), '/') || '/'
}

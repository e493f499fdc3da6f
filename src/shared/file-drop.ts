import type { PodKey } from '../core/pods/pod'

/*
 * Files that a person drops on a pod. The preload script takes their paths from the system's own drop, which no script
 * of a page can make, and sends them on a channel that pages don't have. The page only marks where files may be dropped.
 * See docs/security.md.
 */

export interface FileDrop {
  readonly podKey: PodKey
  /** Of the pod; null: where its files are kept. */
  readonly folder: string | null
  /** The terminal that they were dropped on, whose folder gets them where it is known and `folder` is null. */
  readonly terminalId: string | null
  /** Absolute ones, of this computer. */
  readonly paths: readonly string[]
  /** Whether the window shows the transfer where it was dropped, so that no other page is opened for it. */
  readonly isShownThere: boolean
}

export const FILE_DROP_CHANNEL = 'podkeeper:file-drop'

/** More have to be put into a folder first. */
export const MAX_DROPPED = 200

/** Attributes of an element on which files may be dropped, and of one that they are held over. */
export const dropAttributes = {
  podKey: 'data-drop-pod',
  folder: 'data-drop-folder',
  terminalId: 'data-drop-terminal',
  isShownThere: 'data-drop-shown',
  isOver: 'data-drop-over',
} as const

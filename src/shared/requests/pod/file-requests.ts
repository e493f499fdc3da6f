import * as v from 'valibot'
import {
  type FolderView,
  isAbsolutePodPath,
  isInnerPath,
  isPlainName,
  type LocalRoot,
  MAX_NAMES,
  MAX_PATH_CHARS,
  type TransfersView,
} from '../../../core/files/files-view'
import type { PodKey } from '../../../core/pods/pod'
import { idSchema, podKeySchema } from '../field-schemas'

/**
 * The part of the contract for files of pods. No request names a path of this computer: only a folder that a person
 * opened in the system's dialog, by its id, and names below it. Every copy is chosen in that dialog or confirmed in the
 * app's own window. See docs/product-rules.md#133-files.
 */
export interface FileRequests {
  transfers: () => TransfersView
  /** Stops a transfer; what was copied stays, and it can be resumed. */
  pauseTransfer: (id: string) => void
  /** Goes on with one that is paused or failed. */
  resumeTransfer: (id: string) => void
  /** Cancels a transfer, or takes one that ended off the list. */
  removeTransfer: (id: string) => void
  /** Lists a folder of a pod over SSH; null: where its files are kept. */
  listPodFolder: (podKey: PodKey, path: string | null) => FolderView
  /** Nobody looks at the pod's folders any more. */
  closePodFolders: (podKey: PodKey) => void
  makePodFolder: (podKey: PodKey, folder: string, name: string) => void
  /** Renames something in a folder of the pod. Nothing that has the new name is replaced. */
  renamePodFile: (podKey: PodKey, folder: string, name: string, newName: string) => void
  /** Deletes from a folder of the pod what a person confirmed in the app's own window; false: refused. */
  deletePodFiles: (podKey: PodKey, folder: string, names: readonly string[]) => boolean
  /** Asks for a folder with the system's dialog; null: canceled. */
  openLocalFolder: () => LocalRoot | null
  /** Lists a folder below an opened one. */
  listLocalFolder: (rootId: string, path: string) => FolderView
  /** Uploads what is chosen in the system's dialog; false: canceled. */
  uploadChosen: (podKey: PodKey, folder: string, what: 'files' | 'folder') => boolean
  /** Uploads from below an opened folder; false: refused. */
  uploadFrom: (
    podKey: PodKey,
    folder: string,
    rootId: string,
    path: string,
    names: readonly string[],
  ) => boolean
  /** Downloads into a folder that is chosen in the system's dialog; false: canceled. */
  downloadToChosen: (podKey: PodKey, folder: string, names: readonly string[]) => boolean
  /** Downloads to below an opened folder; false: refused. */
  downloadTo: (
    podKey: PodKey,
    folder: string,
    names: readonly string[],
    rootId: string,
    path: string,
  ) => boolean
}

const podPath = v.pipe(v.string(), v.check(isAbsolutePodPath))
const name = v.pipe(v.string(), v.maxLength(1_024), v.check(isPlainName))
const names = v.pipe(v.array(name), v.minLength(1), v.maxLength(MAX_NAMES))
const innerPath = v.pipe(v.string(), v.maxLength(MAX_PATH_CHARS), v.check(isInnerPath))

export const fileRequestSchemas = {
  transfers: v.tuple([]),
  pauseTransfer: v.tuple([idSchema]),
  resumeTransfer: v.tuple([idSchema]),
  removeTransfer: v.tuple([idSchema]),
  listPodFolder: v.tuple([podKeySchema, v.nullable(podPath)]),
  closePodFolders: v.tuple([podKeySchema]),
  makePodFolder: v.tuple([podKeySchema, podPath, name]),
  renamePodFile: v.tuple([podKeySchema, podPath, name, name]),
  deletePodFiles: v.tuple([podKeySchema, podPath, names]),
  openLocalFolder: v.tuple([]),
  listLocalFolder: v.tuple([idSchema, innerPath]),
  uploadChosen: v.tuple([podKeySchema, podPath, v.picklist(['files', 'folder'])]),
  uploadFrom: v.tuple([podKeySchema, podPath, idSchema, innerPath, names]),
  downloadToChosen: v.tuple([podKeySchema, podPath, names]),
  downloadTo: v.tuple([podKeySchema, podPath, names, idSchema, innerPath]),
} satisfies { [K in keyof FileRequests]: v.GenericSchema<unknown, Parameters<FileRequests[K]>> }

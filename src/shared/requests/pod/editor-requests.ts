import * as v from 'valibot'
import { type EditorId, editorIds } from '../../../core/editors/editors'
import type { PodKey } from '../../../core/pods/pod'
import { podKeySchema } from '../field-schemas'

/** What a pod can be opened with. */
export interface EditorChoices {
  /** Those that are installed here, and the one of the settings. */
  readonly editors: readonly { readonly id: EditorId; readonly name: string }[]
  /** The folder to offer. */
  readonly folder: string
  /** The name of the pod for OpenSSH. */
  readonly alias: string
  /** The line that the person's SSH config needs. */
  readonly line: string
  /** Whether it has the line. */
  readonly isIncluded: boolean
  /** Why the pod can't be opened now, as a sentence; null: it can. */
  readonly problem: string | null
}

/**
 * The part of the contract for editors. A window chooses among the programs that main found; which program and what it
 * gets is main's. See docs/product-rules.md#134-live-gpus-snippets-editors.
 */
export interface EditorRequests {
  editorChoices: (podKey: PodKey) => EditorChoices
  /**
   * Opens a folder of the pod once the person agreed in the app's own window. It also asks there about an unknown host
   * key, and before the line goes into the person's SSH config. False: the person declined.
   */
  editPodWith: (podKey: PodKey, editor: EditorId, folder: string) => boolean
  /** Removes the line and the hosts, once the person agreed in the app's own window. False: they did not. */
  removeSshHosts: () => boolean
  /** Asks for the command of another editor in the app's own window. False: the person canceled. */
  changeEditorCommand: () => boolean
}

const folder = v.pipe(v.string(), v.maxLength(1_000))

export const editorRequestSchemas = {
  editorChoices: v.tuple([podKeySchema]),
  editPodWith: v.tuple([podKeySchema, v.picklist(editorIds), folder]),
  removeSshHosts: v.tuple([]),
  changeEditorCommand: v.tuple([]),
} satisfies { [K in keyof EditorRequests]: v.GenericSchema<unknown, Parameters<EditorRequests[K]>> }

import type { PodKey } from '../../core/pods/pod'
import type { WindowServices } from '../state/window-context'
import type { IconName } from '../ui/icon'

export type EntryServices = Pick<WindowServices, 'bridge' | 'snapshotStore' | 'navigate'>

/** What is listed instead of everything: the commands of one pod, or the pods that a command is for. */
export type PaletteLevel =
  | { readonly kind: 'pod'; readonly podKey: PodKey; readonly title: string }
  | { readonly kind: 'verb'; readonly verbId: string; readonly title: string; readonly isCareful: boolean }

interface EntryBase {
  readonly id: string
  readonly label: string
  /** The category, or the current state. */
  readonly hint: string
  /** Other words that find it, in lower case. */
  readonly keywords?: string
  /** The key that does the same without the palette. */
  readonly shortcut?: string
  /** The same, pressed with Ctrl or Cmd. */
  readonly commandKey?: string
  readonly icon: IconName
  /** What choosing it does: it runs, or lists what is in it. */
  readonly choose: PaletteLevel | ((services: EntryServices) => void)
}

/** A command for one pod. Found by words that name the command together with words that name the pod. */
export interface PodCommandEntry extends EntryBase {
  readonly kind: 'pod-command'
  readonly verbId: string
  /** The label without the pod. */
  readonly verb: string
  /** The label where the pod is known. */
  readonly verbLabel: string
  readonly podKey: PodKey
  /** As shown: with the account where there are several. */
  readonly podName: string
  /** Stops, restarts, starts or deletes: it stands first only where its command and exactly one pod are named. */
  readonly isCareful: boolean
}

interface PodEntry extends EntryBase {
  readonly kind: 'pod'
  readonly podKey: PodKey
}

interface VerbEntry extends EntryBase {
  readonly kind: 'verb'
  readonly verbId: string
}

interface OtherEntry extends EntryBase {
  /** `place`: about something whose name is in the label, after commands and pods. */
  readonly kind: 'command' | 'place' | 'setting'
}

/** What the palette lists. */
export type PaletteEntry = PodCommandEntry | PodEntry | VerbEntry | OtherEntry

import type { Clock } from '../base/time/clock'
import { SECOND_MS } from '../base/time/time'

/** What has to end before an update is installed. `name`: of the pod, or of the job. */
export interface WorkUnderWay {
  readonly kind: 'action' | 'create' | 'transfer' | 'job-start' | 'results'
  readonly name: string
}

/** A restart that a person asked for, to install an update. `waiting`: for what has to end first. */
export type RestartState =
  | { readonly kind: 'none' }
  | { readonly kind: 'waiting'; readonly for: readonly WorkUnderWay[] }
  | { readonly kind: 'restarting' }

export interface UpdateRestartOptions {
  readonly clock: Clock
  /** Whether a verified update is there, and is still offered. */
  readonly isReady: () => boolean
  readonly workUnderWay: () => readonly WorkUnderWay[]
  /** Quits, with the questions that this asks. */
  readonly restart: () => void
  readonly onChange: () => void
}

/** Restarts for an update when nothing is under way. See docs/product-rules.md#171-download-and-install. */
export interface UpdateRestart {
  readonly state: () => RestartState
  /** Now, or as soon as nothing is under way. Does nothing without a verified update. */
  readonly request: () => void
  /** The person changed their mind, also where the quit was answered with no. */
  readonly cancel: () => void
  readonly dispose: () => void
}

const LOOK_EVERY_MS = SECOND_MS

export function createUpdateRestart(options: UpdateRestartOptions): UpdateRestart {
  const { clock, isReady, workUnderWay, restart, onChange } = options
  let state: RestartState = { kind: 'none' }
  let cancelLook = (): void => {}

  function set(next: RestartState): void {
    state = next
    onChange()
  }

  function look(): void {
    if (!isReady()) {
      set({ kind: 'none' })
      return
    }
    const work = workUnderWay()
    if (work.length === 0) {
      set({ kind: 'restarting' })
      restart()
      return
    }
    cancelLook = clock.schedule(LOOK_EVERY_MS, look)
    if (state.kind !== 'waiting' || !isSame(state.for, work)) set({ kind: 'waiting', for: work })
  }

  function cancel(): void {
    cancelLook()
    if (state.kind !== 'none') set({ kind: 'none' })
  }

  return {
    state: () => state,
    request() {
      if (state.kind === 'none') look()
    },
    cancel,
    dispose: () => cancelLook(),
  }
}

const isSame = (some: readonly WorkUnderWay[], others: readonly WorkUnderWay[]): boolean =>
  some.length === others.length &&
  some.every(({ kind, name }, index) => others[index]?.kind === kind && others[index].name === name)

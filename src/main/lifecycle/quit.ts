import { hasUnsentAction, type QuitPrompt, quitPrompt } from '../../core/view/window/quit-prompt'
import type { Snapshot } from '../../core/view/snapshot'

export interface QuitOptions {
  readonly snapshot: () => Snapshot
  /** The pod name of each open shell. */
  readonly shells: () => readonly string[]
  /** The pod name of each transfer of files that isn't ended. */
  readonly transfers: () => readonly string[]
  /** Asks in a dialog; resolves to `wait` when `signal` aborts. */
  readonly confirm: (question: QuitPrompt, signal: AbortSignal) => Promise<'quit' | 'wait'>
  /** Sends nothing more and waits for replies to what was sent. */
  readonly shutDown: () => Promise<void>
  /** What is installed once nothing is open any more, when a person quits. Null: nothing. */
  readonly pendingInstall: () => PendingInstall | null
  /** The person was asked and stays. */
  readonly onStay: () => void
  /** Closes open resources. */
  readonly close: () => void
  /** Ends the process immediately. */
  readonly exit: () => void
  readonly report: (what: string, cause?: unknown) => void
}

/** Installs an update; returns whether that ends the program. */
export type PendingInstall = () => Promise<boolean>

/** Handles every way to quit: once, after replies to sent actions arrived, within 5 s. */
export interface Quit {
  /**
   * The user quits: immediately when nothing is pending, otherwise after a prompt about unsent actions,
   * open shells or transfers of files.
   */
  onBeforeQuit(event: { preventDefault(): void }): void
  /** The system ends the app, so the user cannot be asked. */
  force(why: string): void
  /** Must be called after each change, because a delayed quit may now proceed. */
  onChange(): void
}

/** How long to wait for replies to sent actions. */
const SHUTDOWN_TIMEOUT_MS = 5_000
/** How long the system's updater may take to end the app. */
const INSTALL_TIMEOUT_MS = 30_000

export function createQuit({
  snapshot,
  shells,
  transfers,
  confirm,
  pendingInstall,
  onStay,
  shutDown,
  close,
  exit,
  report,
}: QuitOptions): Quit {
  /** `closed`: nothing is open any more, and Electron ends the app. */
  let state: 'running' | 'asking' | 'waiting' | 'ending' | 'closed' = 'running'
  let closeDialog = (): void => {}

  async function requestQuit(): Promise<void> {
    const question = quitPrompt(snapshot(), shells(), transfers())
    if (question === null) {
      force('the user quit', pendingInstall())
      return
    }
    state = 'asking'
    const hasUnsent = hasUnsentAction(snapshot())
    const controller = new AbortController()
    closeDialog = () => controller.abort()
    const answer = await confirm(question, controller.signal)
    closeDialog = () => {}
    // The system may have ended the app meanwhile.
    if (state !== 'asking') return
    if (answer === 'quit') {
      force('the user quit, and what was not sent is canceled', pendingInstall())
    } else if (controller.signal.aborted) {
      force('the user quit, and nothing is left to lose', pendingInstall())
    } else if (hasUnsent) {
      state = 'waiting'
      report('Podkeeper quits once the requested actions are sent')
      onChange()
    } else {
      state = 'running'
      onStay()
    }
  }

  function onChange(): void {
    if (state === 'asking' && quitPrompt(snapshot(), shells(), transfers()) === null) closeDialog()
    if (state === 'waiting' && !hasUnsentAction(snapshot()))
      force('the user quit, and all is sent', pendingInstall())
  }

  /** The system leaves no time to install anything. */
  function force(why: string, install: PendingInstall | null = null): void {
    if (state === 'ending') return
    if (state === 'closed') {
      exit()
      return
    }
    state = 'ending'
    closeDialog()
    report(`Podkeeper ends: ${why}`)
    const timeout = new Promise<void>((resolve) => {
      setTimeout(() => {
        report('Podkeeper quits without the response to what was sent')
        resolve()
      }, SHUTDOWN_TIMEOUT_MS)
    })
    void Promise.race([shutDown(), timeout])
      .catch((cause: unknown) => report('Podkeeper could not quit cleanly', cause))
      .then(close)
      .catch((cause: unknown) => report('Podkeeper could not close everything', cause))
      .then(() => installAndExit(install))
  }

  async function installAndExit(install: PendingInstall | null): Promise<void> {
    // The updater of macOS quits the app as a person does.
    if (install !== null) state = 'closed'
    const endsApp = await install?.().catch((cause: unknown) => {
      report('The update could not be installed', cause)
      return false
    })
    if (endsApp === true) setTimeout(exit, INSTALL_TIMEOUT_MS)
    else exit()
  }

  return {
    onBeforeQuit(event) {
      const isFree = !hasOpenAction(snapshot()) && shells().length + transfers().length === 0
      if (state === 'running' && isFree && pendingInstall() === null) {
        // The end of the session must not be delayed unnecessarily.
        state = 'closed'
        report('Podkeeper ends: the user quit')
        close()
        return
      }
      if (state === 'closed') return
      event.preventDefault()
      if (state === 'asking' || state === 'ending') return
      requestQuit().catch((cause: unknown) => {
        report('The question about quitting could not be shown', cause)
        force('the user quit')
      })
    },
    force,
    onChange,
  }
}

const hasOpenAction = ({ pods }: Snapshot): boolean =>
  pods.some(({ intent }) => intent?.phase === 'scheduled' || intent?.phase === 'sent')

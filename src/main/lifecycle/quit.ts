import { isBeforeSending, type QuitQuestion, quitQuestion } from '../../core/view/quit-question'
import type { Snapshot } from '../../core/view/snapshot'

export interface QuitOptions {
  readonly snapshot: () => Snapshot
  /** The names of the pods that shells are open on, one for each shell. */
  readonly shells: () => readonly string[]
  /** Asks in a dialog; ends as `wait` when `signal` aborts. */
  readonly ask: (question: QuitQuestion, signal: AbortSignal) => Promise<'quit' | 'wait'>
  /** Sends nothing any more, and waits for the answers to what was sent. */
  readonly end: () => Promise<void>
  /** Closes what is open. */
  readonly close: () => void
  /** Ends the process at once. */
  readonly exit: () => void
  readonly report: (what: string, cause?: unknown) => void
}

/** The ways in which Podkeeper ends. All lead through one: once, after what was sent is answered, within 5 s. */
export interface Quit {
  /** A person quits: at once where nothing is open, asked first while something is not sent yet or a shell is open. */
  onBeforeQuit(event: { preventDefault(): void }): void
  /** The system ends it: nobody can be asked. */
  force(why: string): void
  /** To be called after each change: what a quit waits for may be over. */
  onChange(): void
}

/** How long the answer to what was sent is waited for. */
const END_WITHIN_MS = 5_000

export function createQuit({ snapshot, shells, ask, end, close, exit, report }: QuitOptions): Quit {
  let state: 'running' | 'asking' | 'waiting' | 'ending' = 'running'
  let closeDialog = (): void => {}

  async function request(): Promise<void> {
    const question = quitQuestion(snapshot(), shells())
    if (question === null) {
      force('somebody quit')
      return
    }
    state = 'asking'
    const waits = isBeforeSending(snapshot())
    const controller = new AbortController()
    closeDialog = () => controller.abort()
    const answer = await ask(question, controller.signal)
    // Meanwhile the system may have ended it.
    if (state !== 'asking') return
    if (answer === 'quit') {
      force('somebody quit, and what was not sent is cancelled')
    } else if (controller.signal.aborted) {
      force('somebody quit, and nothing would be lost any more')
    } else if (waits) {
      state = 'waiting'
      report('It quits once what was asked for is sent')
      onChange()
    } else {
      state = 'running'
    }
  }

  function onChange(): void {
    if (state === 'asking' && quitQuestion(snapshot(), shells()) === null) closeDialog()
    if (state === 'waiting' && !isBeforeSending(snapshot())) force('somebody quit, and all is sent')
  }

  function force(why: string): void {
    if (state === 'ending') return
    state = 'ending'
    closeDialog()
    report(`Podkeeper ends: ${why}`)
    const timeout = new Promise<void>((resolve) => {
      setTimeout(() => {
        report('It ends without the answer to what was sent')
        resolve()
      }, END_WITHIN_MS)
    })
    Promise.race([end(), timeout])
      .catch((cause: unknown) => report('It could not end in good order', cause))
      .finally(() => {
        close()
        exit()
      })
  }

  return {
    onBeforeQuit(event) {
      if (state === 'running' && !hasOpenAction(snapshot()) && shells().length === 0) {
        // A session that ends must not be held up without need.
        state = 'ending'
        report('Podkeeper ends: somebody quit')
        close()
        return
      }
      event.preventDefault()
      if (state === 'asking' || state === 'ending') return
      request().catch((cause: unknown) => {
        report('Quitting could not be asked about', cause)
        force('somebody quit')
      })
    },
    force,
    onChange,
  }
}

const hasOpenAction = ({ pods }: Snapshot): boolean =>
  pods.some(({ intent }) => intent?.phase === 'scheduled' || intent?.phase === 'sent')

import {
  createTerminalProcess,
  type TerminalProcess,
} from '../../../src/main/terminals/process/terminal-process'
import { createSystemClock } from '../../../src/node/clock'
import type { TerminalProcessRequest } from '../../../src/shared/terminal-process'
import { loadEmulator } from '../../../src/terminal-process/emulator'
import { createTerminalServer } from '../../../src/terminal-process/serve-terminals'

const createEmulator = await loadEmulator()

/** What may happen to a process. */
export interface TestProcess extends TerminalProcess {
  readonly requests: readonly TerminalProcessRequest[]
  readonly wasKilled: () => boolean
  /** Answers nothing from now on. */
  hang(): void
  exit(): void
  send(message: unknown): void
}

/** The code of the terminal process in this one, behind messages that are copied as between processes. */
export function startTestProcess(): TestProcess {
  const requests: TerminalProcessRequest[] = []
  const serve = createTerminalServer(createEmulator)
  let onMessage = (_message: unknown): void => {}
  let onExit = (): void => {}
  let [isHanging, wasKilled] = [false, false]

  async function answer(request: TerminalProcessRequest): Promise<void> {
    if (isHanging || wasKilled) return
    const reply = structuredClone(await serve(request))
    setImmediate(() => {
      if (!isHanging && !wasKilled) onMessage(reply)
    })
  }

  return {
    requests,
    wasKilled: () => wasKilled,
    post(request) {
      requests.push(request)
      const copy = structuredClone(request)
      setImmediate(() => void answer(copy))
    },
    onMessage: (listener) => void (onMessage = listener),
    onExit: (listener) => void (onExit = listener),
    kill: () => void (wasKilled = true),
    hang: () => void (isHanging = true),
    exit() {
      wasKilled = true
      onExit()
    },
    send: (message) => onMessage(message),
  }
}

/** Emulators as the app has them, without a process of their own. */
export const createTestEmulator = createTerminalProcess({
  start: startTestProcess,
  clock: createSystemClock(),
  report: () => {},
})

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { IntentView } from '../../../src/core/intents/intent-view'
import { emptySnapshot, type Snapshot } from '../../../src/core/view/snapshot'
import { createQuit, type Quit } from '../../../src/main/lifecycle/quit'
import { deferred } from '../../harness/monitor/scripted-provider'
import { podView, intentView } from '../../harness/samples/pod-views'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

interface Rig {
  readonly quit: Quit
  readonly log: string[]
  /** Whether the dialog was closed by the app. */
  wasDialogClosed(): boolean
  /** How often the user was asked and stayed. */
  stays(): number
  /** Quits like the user; returns whether the quit was delayed. */
  press(): boolean
  answer(choice: 'quit' | 'wait'): Promise<void>
  phase(phase: IntentView['phase'] | null): Promise<void>
  settle(): Promise<void>
}

interface RigOptions {
  readonly end?: () => Promise<void>
  readonly close?: () => void
  readonly shells?: readonly string[]
  readonly transfers?: readonly string[]
  /** An update to install. Returns whether that ends the program. */
  readonly install?: () => Promise<boolean>
}

function rigWith(phase: IntentView['phase'] | null, options: RigOptions = {}): Rig {
  const { end = () => Promise.resolve(), close, shells = [], transfers = [], install } = options
  const log: string[] = []
  let snapshot = snapshotWith(phase)
  let answer = deferred<'quit' | 'wait'>()
  let wasDialogClosed = false
  let stays = 0
  const settle = () => vi.advanceTimersByTimeAsync(0).then(() => {})
  const quit = createQuit({
    snapshot: () => snapshot,
    shells: () => shells,
    transfers: () => transfers,
    confirm(_question, signal) {
      log.push('ask')
      answer = deferred()
      signal.addEventListener('abort', () => {
        wasDialogClosed = true
        answer.resolve('wait')
      })
      return answer.promise
    },
    pendingInstall: () =>
      install === undefined
        ? null
        : () => {
            log.push('install')
            return install()
          },
    onStay: () => (stays += 1),
    shutDown() {
      log.push('end')
      return end()
    },
    close() {
      log.push('close')
      close?.()
    },
    exit: () => log.push('exit'),
    report: () => {},
  })
  return {
    quit,
    log,
    wasDialogClosed: () => wasDialogClosed,
    stays: () => stays,
    press() {
      let isHeldUp = false
      quit.onBeforeQuit({
        preventDefault: () => {
          isHeldUp = true
        },
      })
      return isHeldUp
    },
    async answer(choice) {
      answer.resolve(choice)
      await settle()
    },
    async phase(next) {
      snapshot = snapshotWith(next)
      quit.onChange()
      await settle()
    },
    settle,
  }
}

function snapshotWith(phase: IntentView['phase'] | null): Snapshot {
  const intent = phase && intentView({ podId: 'a', phase, undoUntilMs: 1, atMs: 0 })
  return { ...emptySnapshot(0, []), pods: [podView({ id: 'a', intent })] }
}

test('a quit with nothing pending is immediate, and everything is closed once', () => {
  const rig = rigWith(null)
  expect(rig.press()).toBe(false)
  expect(rig.log).toEqual(['close'])
})

test('a quit that Electron did not finish is finished by the next one, and at once by a signal', async () => {
  const rig = rigWith(null)
  rig.press()
  expect(rig.press()).toBe(false)
  rig.quit.force('SIGTERM')
  await rig.settle()
  expect(rig.log).toEqual(['close', 'exit'])
})

test('a quit waits for an outstanding reply without asking', async () => {
  const rig = rigWith('sent')
  expect(rig.press()).toBe(true)
  await rig.settle()
  expect(rig.log).toEqual(['end', 'close', 'exit'])
})

describe('while an action is not sent yet', () => {
  test('the user is asked once, however often they quit, and may quit anyway', async () => {
    const rig = rigWith('scheduled')
    expect([rig.press(), rig.press()]).toEqual([true, true])
    expect(rig.log).toEqual(['ask'])
    await rig.answer('quit')
    expect(rig.log).toEqual(['ask', 'end', 'close', 'exit'])
    // Closing a dialog that was answered can crash Electron.
    expect(rig.wasDialogClosed()).toBe(false)
  })

  test('a user who waits has the app quit once the action is sent', async () => {
    const rig = rigWith('scheduled')
    rig.press()
    await rig.answer('wait')
    expect(rig.log).toEqual(['ask'])
    await rig.phase('sent')
    expect(rig.log).toEqual(['ask', 'end', 'close', 'exit'])
  })

  test('a user who waits and quits again is asked again', async () => {
    const rig = rigWith('scheduled')
    rig.press()
    await rig.answer('wait')
    rig.press()
    await rig.answer('quit')
    expect(rig.log).toEqual(['ask', 'ask', 'end', 'close', 'exit'])
  })

  test('the prompt disappears and the app quits once the action is sent or undone meanwhile', async () => {
    const rig = rigWith('scheduled')
    rig.press()
    await rig.phase('cancelled')
    expect(rig.log).toEqual(['ask', 'end', 'close', 'exit'])
  })

  test('the system ends the app without a prompt', async () => {
    const rig = rigWith('scheduled')
    rig.press()
    rig.quit.force('SIGTERM')
    rig.quit.force('SIGINT')
    await rig.settle()
    expect(rig.log).toEqual(['ask', 'end', 'close', 'exit'])
  })
})

test('a missing reply delays the end by no more than five seconds', async () => {
  const rig = rigWith('sent', { end: () => new Promise(() => {}) })
  rig.quit.force('SIGTERM')
  await vi.advanceTimersByTimeAsync(4_999)
  expect(rig.log).toEqual(['end'])
  await vi.advanceTimersByTimeAsync(1)
  expect(rig.log).toEqual(['end', 'close', 'exit'])
})

test('a failing shutdown ends the app all the same', async () => {
  const rig = rigWith('sent', { end: () => Promise.reject(new Error('oh')) })
  rig.quit.force('SIGTERM')
  await rig.settle()
  expect(rig.log).toEqual(['end', 'close', 'exit'])
})

test('a part that cannot be closed does not keep the app', async () => {
  const rig = rigWith(null, {
    close() {
      throw new Error('no space left')
    },
  })
  rig.quit.force('SIGTERM')
  await rig.settle()
  expect(rig.log).toEqual(['end', 'close', 'exit'])
})

describe('while a terminal is open', () => {
  const withShell = (phase: IntentView['phase'] | null) => rigWith(phase, { shells: ['llama'] })

  test('the user is asked, and may continue', async () => {
    const rig = withShell(null)
    expect(rig.press()).toBe(true)
    await rig.answer('wait')
    await rig.phase(null)
    expect(rig.log).toEqual(['ask'])
    rig.press()
    await rig.answer('quit')
    expect(rig.log).toEqual(['ask', 'ask', 'end', 'close', 'exit'])
  })

  test('a user who waits for an action is not delayed by the terminal', async () => {
    const rig = withShell('scheduled')
    rig.press()
    await rig.answer('wait')
    expect(rig.log).toEqual(['ask'])
    await rig.phase('sent')
    expect(rig.log).toEqual(['ask', 'end', 'close', 'exit'])
  })

  test('a user who waits for an action that was sent meanwhile has the app quit immediately', async () => {
    const rig = withShell('scheduled')
    rig.press()
    await rig.phase('sent')
    expect(rig.log).toEqual(['ask'])
    await rig.answer('wait')
    expect(rig.log).toEqual(['ask', 'end', 'close', 'exit'])
  })

  test('the system ends the app without a prompt', async () => {
    const rig = withShell(null)
    rig.quit.force('the session ends')
    await rig.settle()
    expect(rig.log).toEqual(['end', 'close', 'exit'])
  })
})

test('while files are copied, the user is asked, and a signal asks nobody', async () => {
  const copying = () => rigWith(null, { transfers: ['llama'] })
  const rig = copying()
  expect(rig.press()).toBe(true)
  await rig.answer('wait')
  expect(rig.log).toEqual(['ask'])
  rig.press()
  await rig.answer('quit')
  expect(rig.log).toEqual(['ask', 'ask', 'end', 'close', 'exit'])
  const killed = copying()
  killed.quit.force('SIGTERM')
  await killed.settle()
  expect(killed.log).toEqual(['end', 'close', 'exit'])
})

describe('while an update is to be installed', () => {
  test('it is installed at a quit of the user, after the replies and when all is closed', async () => {
    const rig = rigWith('sent', { install: async () => false })
    expect(rig.press()).toBe(true)
    await rig.settle()
    expect(rig.log).toEqual(['end', 'close', 'install', 'exit'])
  })

  test('it is never installed when the system ends the app', async () => {
    const rig = rigWith(null, { install: async () => false })
    rig.quit.force('shutdown')
    await rig.settle()
    expect(rig.log).toEqual(['end', 'close', 'exit'])
  })

  test('a user who is asked and stays has nothing installed, and one who quits has', async () => {
    const rig = rigWith(null, { shells: ['llama'], install: async () => false })
    rig.press()
    await rig.answer('wait')
    expect([rig.log, rig.stays()]).toEqual([['ask'], 1])
    rig.press()
    await rig.answer('quit')
    expect(rig.log).toEqual(['ask', 'ask', 'end', 'close', 'install', 'exit'])
  })

  test('an updater that quits the app itself may do so, and has half a minute', async () => {
    const rig = rigWith(null, { install: async () => true })
    rig.press()
    await rig.settle()
    expect(rig.press()).toBe(false)
    expect(rig.log).toEqual(['end', 'close', 'install'])
    await vi.advanceTimersByTimeAsync(30_000)
    expect(rig.log).toEqual(['end', 'close', 'install', 'exit'])
  })

  test('an installer that fails keeps nobody from quitting', async () => {
    const rig = rigWith(null, { install: () => Promise.reject(new Error('oh')) })
    rig.press()
    await rig.settle()
    expect(rig.log).toEqual(['end', 'close', 'install', 'exit'])
  })
})

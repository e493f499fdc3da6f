import { expect, test, vi } from 'vitest'
import { fail, ok, type Result } from '../../../../src/core/base/result'
import type { TerminalOutput, TerminalScreen } from '../../../../src/core/terminal/terminal'
import { ACK_BYTES, createAckLedger } from '../../../../src/renderer/terminal/screen/ack-ledger'
import { startFeed } from '../../../../src/renderer/terminal/screen/output-feed'
import type { Bridge, RequestError } from '../../../../src/shared/ipc'

const SIZE = { columns: 80, rows: 24 }
const settled = () => new Promise((done) => setTimeout(done))
const bytes = (text: string) => new TextEncoder().encode(text)

/** An app that is attached when the test says so, and a screen that draws at once. */
function rig() {
  let listener: (output: TerminalOutput) => void = () => {}
  let attached: (answer: Result<TerminalScreen, RequestError>) => void = () => {}
  const seen: string[] = []
  const page = { isSeen: true, draws: true }
  const bridge = {
    on: vi.fn((_name: string, heard: (output: TerminalOutput) => void) => {
      listener = heard
      return () => (listener = () => {})
    }),
    attachTerminal: vi.fn(() => new Promise((done) => (attached = done))),
    detachTerminal: vi.fn(() => Promise.resolve(ok(undefined))),
    ackTerminal: vi.fn((_attachment: number, _bytes: number) => Promise.resolve(ok(undefined))),
  }
  const canvas = {
    replay: ({ screen }: TerminalScreen) => void seen.push(`replay ${screen}`),
    write: (text: Uint8Array, onDrawn: () => void) => {
      seen.push(new TextDecoder().decode(text))
      if (page.draws) onDrawn()
    },
  }
  const onRefused = vi.fn()
  const onBehindUnseen = vi.fn()
  const feedListener = { onRefused, onBehindUnseen }
  const feed = startFeed(bridge as unknown as Bridge, 't1', SIZE, canvas, feedListener, () => page.isSeen)
  return {
    seen,
    bridge,
    feed,
    onRefused,
    onBehindUnseen,
    page,
    output: (attachment: number, text: string, terminalId = 't1') =>
      listener({ terminalId, attachment, bytes: bytes(text) }),
    attach: async (attachment: number) => {
      attached(ok({ attachment, screen: 'old', size: SIZE }))
      await settled()
    },
    refuse: async (message: string) => {
      attached(fail({ message }))
      await settled()
    },
  }
}

test('output that overtakes the answer is drawn after the screen, and that of others never', async () => {
  const { seen, output, attach } = rig()
  output(7, 'early ')
  output(6, 'of before ')
  output(7, 'other terminal', 't2')
  await attach(7)
  output(7, 'late')
  output(8, 'of another window')
  expect(seen).toEqual(['replay old', 'early ', 'late'])
})

test('what is drawn is acknowledged to its attachment', async () => {
  const { bridge, output, attach } = rig()
  await attach(3)
  output(3, 'abc')
  expect(bridge.ackTerminal.mock.calls).toEqual([[3, 3]])
})

test('one that is left before the answer is detached, and draws nothing', async () => {
  const { bridge, seen, feed, attach, output } = rig()
  feed.end()
  await attach(4)
  output(4, 'abc')
  expect(bridge.detachTerminal.mock.calls).toEqual([[4]])
  expect(seen).toEqual([])
})

test('why it was not attached is said', async () => {
  const { onRefused, refuse } = rig()
  await refuse('That terminal is closed.')
  expect(onRefused.mock.calls).toEqual([['That terminal is closed.']])
})

test('only where nobody sees it, more than 64 KB that are not drawn let the pod go', async () => {
  const { page, feed, onBehindUnseen, output, attach } = rig()
  const half = 'x'.repeat(32 * 1024)
  page.draws = false
  await attach(1)
  for (let count = 0; count < 3; count++) output(1, half)
  expect(onBehindUnseen).not.toHaveBeenCalled()
  page.isSeen = false
  output(1, 'x')
  expect(onBehindUnseen).toHaveBeenCalledTimes(1)
  feed.end()
  output(1, half)
  expect(onBehindUnseen).toHaveBeenCalledTimes(1)
})

test('a page that nobody sees and that keeps up is fed on', async () => {
  const { page, onBehindUnseen, output, attach } = rig()
  page.isSeen = false
  await attach(1)
  for (let count = 0; count < 10; count++) output(1, 'x'.repeat(32 * 1024))
  expect(onBehindUnseen).not.toHaveBeenCalled()
})

test('drawn bytes are told in portions, and all of them once nothing is left to draw', () => {
  const sent: number[] = []
  const ledger = createAckLedger((count) => sent.push(count))
  const part = ACK_BYTES / 2
  for (let count = 0; count < 5; count++) ledger.took(part)
  for (let count = 0; count < 5; count++) ledger.drew(part)
  expect(sent).toEqual([ACK_BYTES, ACK_BYTES, part])
})

test('an acknowledgement that was lost is part of the next', () => {
  const sent: number[] = []
  const ledger = createAckLedger((count) => sent.push(count))
  ledger.took(10)
  ledger.drew(10)
  ledger.lost(10)
  ledger.took(5)
  ledger.drew(5)
  ledger.drew(0)
  expect(sent).toEqual([10, 15])
})

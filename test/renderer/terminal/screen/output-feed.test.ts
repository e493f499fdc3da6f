import { expect, test, vi } from 'vitest'
import { fail, ok, type Result } from '../../../../src/core/base/result'
import type { TerminalOutput, TerminalSnapshot } from '../../../../src/core/terminal/terminal'
import {
  ACK_BATCH_BYTES,
  createAckCounter,
  startOutputFeed,
} from '../../../../src/renderer/terminal/screen/output-feed'
import type { Bridge, RequestError } from '../../../../src/shared/ipc'

const SIZE = { columns: 80, rows: 24 }
const nextTask = () => new Promise((resolve) => setTimeout(resolve))
const bytes = (text: string) => new TextEncoder().encode(text)

/** A bridge whose attachment the test controls, and a screen that draws at once. */
function createFixture() {
  let listener: (output: TerminalOutput) => void = () => {}
  let resolveAttach: (answer: Result<TerminalSnapshot, RequestError>) => void = () => {}
  const written: string[] = []
  const page = { isVisible: true, isDrawing: true }
  const bridge = {
    on: vi.fn((_name: string, callback: (output: TerminalOutput) => void) => {
      listener = callback
      return () => (listener = () => {})
    }),
    attachTerminal: vi.fn(() => new Promise((resolve) => (resolveAttach = resolve))),
    detachTerminal: vi.fn(() => Promise.resolve(ok(undefined))),
    ackTerminal: vi.fn((_attachment: number, _bytes: number) => Promise.resolve(ok(undefined))),
  }
  const sink = {
    replay: ({ screen }: TerminalSnapshot) => void written.push(`replay ${screen}`),
    write: (text: Uint8Array, onDrawn: () => void) => {
      written.push(new TextDecoder().decode(text))
      if (page.isDrawing) onDrawn()
    },
  }
  const onRefused = vi.fn()
  const onHiddenBacklog = vi.fn()
  const feedListener = { onRefused, onHiddenBacklog }
  const outputFeed = startOutputFeed(
    bridge as unknown as Bridge,
    't1',
    SIZE,
    sink,
    feedListener,
    () => page.isVisible,
  )
  return {
    written,
    bridge,
    outputFeed,
    onRefused,
    onHiddenBacklog,
    page,
    emitOutput: (attachment: number, text: string, terminalId = 't1') =>
      listener({ terminalId, attachment, bytes: bytes(text) }),
    attach: async (attachment: number) => {
      resolveAttach(ok({ attachment, screen: 'old', size: SIZE }))
      await nextTask()
    },
    refuseAttach: async (message: string) => {
      resolveAttach(fail({ message }))
      await nextTask()
    },
  }
}

test('output that arrives before the reply is drawn after the snapshot, and other attachments’ output is not drawn', async () => {
  const { written, emitOutput, attach } = createFixture()
  emitOutput(7, 'early ')
  emitOutput(6, 'of before ')
  emitOutput(7, 'other terminal', 't2')
  await attach(7)
  emitOutput(7, 'late')
  emitOutput(8, 'of another window')
  expect(written).toEqual(['replay old', 'early ', 'late'])
})

test('drawn bytes are acknowledged to their attachment', async () => {
  const { bridge, emitOutput, attach } = createFixture()
  await attach(3)
  emitOutput(3, 'abc')
  expect(bridge.ackTerminal.mock.calls).toEqual([[3, 3]])
})

test('a feed that is stopped before the reply is detached and draws nothing', async () => {
  const { bridge, written, outputFeed, attach, emitOutput } = createFixture()
  outputFeed.stop()
  await attach(4)
  emitOutput(4, 'abc')
  expect(bridge.detachTerminal.mock.calls).toEqual([[4]])
  expect(written).toEqual([])
})

test('the reason for a failed attachment is reported', async () => {
  const { onRefused, refuseAttach } = createFixture()
  await refuseAttach('That terminal is closed.')
  expect(onRefused.mock.calls).toEqual([['That terminal is closed.']])
})

test('more than 64 KB of undrawn output ends the feed on hidden pages only', async () => {
  const { page, outputFeed, onHiddenBacklog, emitOutput, attach } = createFixture()
  const halfBacklog = 'x'.repeat(32 * 1024)
  page.isDrawing = false
  await attach(1)
  for (let count = 0; count < 3; count++) emitOutput(1, halfBacklog)
  expect(onHiddenBacklog).not.toHaveBeenCalled()
  page.isVisible = false
  emitOutput(1, 'x')
  expect(onHiddenBacklog).toHaveBeenCalledTimes(1)
  outputFeed.stop()
  emitOutput(1, halfBacklog)
  expect(onHiddenBacklog).toHaveBeenCalledTimes(1)
})

test('a hidden page that keeps up is not detached', async () => {
  const { page, onHiddenBacklog, emitOutput, attach } = createFixture()
  page.isVisible = false
  await attach(1)
  for (let count = 0; count < 10; count++) emitOutput(1, 'x'.repeat(32 * 1024))
  expect(onHiddenBacklog).not.toHaveBeenCalled()
})

test('drawn bytes are acknowledged in batches, and the rest once nothing is left to draw', () => {
  const sent: number[] = []
  const ackCounter = createAckCounter((count) => sent.push(count))
  const halfBatch = ACK_BATCH_BYTES / 2
  for (let count = 0; count < 5; count++) ackCounter.addPending(halfBatch)
  for (let count = 0; count < 5; count++) ackCounter.addDrawn(halfBatch)
  expect(sent).toEqual([ACK_BATCH_BYTES, ACK_BATCH_BYTES, halfBatch])
})

test('a lost acknowledgment is part of the next one', () => {
  const sent: number[] = []
  const ackCounter = createAckCounter((count) => sent.push(count))
  ackCounter.addPending(10)
  ackCounter.addDrawn(10)
  ackCounter.restoreUnacked(10)
  ackCounter.addPending(5)
  ackCounter.addDrawn(5)
  ackCounter.addDrawn(0)
  expect(sent).toEqual([10, 15])
})

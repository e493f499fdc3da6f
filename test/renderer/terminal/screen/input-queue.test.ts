import { expect, test, vi } from 'vitest'
import { createInputQueue } from '../../../../src/renderer/terminal/screen/input-queue'
import { MAX_TYPED_CHARS } from '../../../../src/shared/requests/pod/terminal-requests'

/** A main process whose replies the test controls. */
function createSlowSender() {
  const sent: { readonly text: string; readonly encoding: string }[] = []
  const pending: ((reason: string | null) => void)[] = []
  return {
    sent,
    send: (text: string, encoding: string) => {
      sent.push({ text, encoding })
      return new Promise<string | null>((done) => pending.push(done))
    },
    async answer(reason: string | null = null) {
      pending.shift()?.(reason)
      await new Promise((done) => setTimeout(done))
    },
  }
}

test('keystrokes are sent in order, and those typed during a request are merged', async () => {
  const sender = createSlowSender()
  const inputQueue = createInputQueue(sender.send, vi.fn())
  for (const key of 'ls -l') inputQueue.type(key, 'text')
  expect(sender.sent).toEqual([{ text: 'l', encoding: 'text' }])
  await sender.answer()
  expect(sender.sent.slice(1)).toEqual([{ text: 's -l', encoding: 'text' }])
})

test('bytes and text keep their order and are not merged', async () => {
  const sender = createSlowSender()
  const inputQueue = createInputQueue(sender.send, vi.fn())
  inputQueue.type('a', 'text')
  inputQueue.type('\u00FF', 'bytes')
  inputQueue.type('b', 'text')
  for (let answer = 0; answer < 3; answer++) await sender.answer()
  expect(sender.sent.map(({ text, encoding }) => `${encoding}:${text}`)).toEqual([
    'text:a',
    'bytes:\u00FF',
    'text:b',
  ])
})

test('the rest of a rejected paste is dropped, but later input is sent', async () => {
  const sender = createSlowSender()
  const onRefused = vi.fn()
  const inputQueue = createInputQueue(sender.send, onRefused)
  inputQueue.paste('x'.repeat(3 * MAX_TYPED_CHARS))
  inputQueue.type('y', 'text')
  await sender.answer()
  await sender.answer('It is closed.')
  expect(onRefused.mock.calls).toEqual([['It is closed.']])
  await sender.answer()
  expect(sender.sent.map(({ text }) => text[0])).toEqual(['x', 'x', 'y'])
  expect(sender.sent.every(({ text }) => text.length <= MAX_TYPED_CHARS)).toBe(true)
})

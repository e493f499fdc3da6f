import { expect, test, vi } from 'vitest'
import { createTypist } from '../../../../src/renderer/terminal/screen/input-queue'
import { MAX_TYPED_CHARS } from '../../../../src/shared/terminal-requests'

/** A main that answers when it is told to. */
function slowMain() {
  const sent: { readonly text: string; readonly as: string }[] = []
  const waiting: ((reason: string | null) => void)[] = []
  return {
    sent,
    send: (text: string, as: string) => {
      sent.push({ text, as })
      return new Promise<string | null>((done) => waiting.push(done))
    },
    async answer(reason: string | null = null) {
      waiting.shift()?.(reason)
      await new Promise((done) => setTimeout(done))
    },
  }
}

test('keys go in order, and those struck while one is under way go together', async () => {
  const main = slowMain()
  const typist = createTypist(main.send, vi.fn())
  for (const key of 'ls -l') typist.type(key, 'text')
  expect(main.sent).toEqual([{ text: 'l', as: 'text' }])
  await main.answer()
  expect(main.sent.slice(1)).toEqual([{ text: 's -l', as: 'text' }])
})

test('bytes and text keep their order and are not mixed', async () => {
  const main = slowMain()
  const typist = createTypist(main.send, vi.fn())
  typist.type('a', 'text')
  typist.type('\u00FF', 'bytes')
  typist.type('b', 'text')
  for (let answer = 0; answer < 3; answer++) await main.answer()
  expect(main.sent.map(({ text, as }) => `${as}:${text}`)).toEqual(['text:a', 'bytes:\u00FF', 'text:b'])
})

test('of a paste that is refused the rest is not sent, what was typed after it is', async () => {
  const main = slowMain()
  const refuse = vi.fn()
  const typist = createTypist(main.send, refuse)
  typist.paste('x'.repeat(3 * MAX_TYPED_CHARS))
  typist.type('y', 'text')
  await main.answer()
  await main.answer('It is closed.')
  expect(refuse.mock.calls).toEqual([['It is closed.']])
  await main.answer()
  expect(main.sent.map(({ text }) => text[0])).toEqual(['x', 'x', 'y'])
  expect(main.sent.every(({ text }) => text.length <= MAX_TYPED_CHARS)).toBe(true)
})

import { expect, test } from 'vitest'
import { fail, ok, type Result } from '../../../../src/core/base/result'
import { createProgramCopies } from '../../../../src/main/terminals/sessions/program-copies'
import { createFakeClock, flushPromises } from '../../../harness/base/fake-clock'

function bench() {
  const clock = createFakeClock()
  const state = { isEnabled: true, isSeen: true, isOpen: true }
  const [asked, written]: [string[], string[]] = [[], []]
  let answerWith: (answer: Result<boolean, string>) => void = () => {}
  const copy = createProgramCopies({
    clock,
    isEnabled: () => state.isEnabled,
    isSeen: () => state.isSeen,
    isOpen: () => state.isOpen,
    ask(text) {
      asked.push(text)
      return new Promise((resolve) => (answerWith = resolve))
    },
    write: (text) => written.push(text),
  })
  async function answer(isAllowed: boolean | string): Promise<void> {
    answerWith(typeof isAllowed === 'string' ? fail(isAllowed) : ok(isAllowed))
    await flushPromises()
  }
  return { clock, state, asked, written, copy, answer }
}

test('a program copies once a person agreed, who is asked once', async () => {
  const b = bench()
  b.copy('one')
  b.copy('two')
  expect([b.asked, b.written]).toEqual([['one'], []])
  await b.answer(true)
  expect(b.written).toEqual(['one'])
  b.clock.advance(100)
  b.copy('three')
  expect([b.asked, b.written]).toEqual([['one'], ['one', 'three']])
})

test('after a no, a terminal copies nothing and asks nothing', async () => {
  const b = bench()
  b.copy('one')
  await b.answer(false)
  b.copy('two')
  expect([b.asked, b.written]).toEqual([['one'], []])
})

test('what nobody could be asked is asked the next time', async () => {
  const b = bench()
  b.copy('one')
  await b.answer('Too many questions are open.')
  b.copy('two')
  expect([b.asked, b.written]).toEqual([['one', 'two'], []])
})

test('nothing is asked or copied for a terminal that nobody sees, or where it is off', async () => {
  const b = bench()
  b.state.isSeen = false
  b.copy('hidden')
  b.state.isSeen = true
  b.state.isEnabled = false
  b.copy('off')
  expect(b.asked).toEqual([])
  b.state.isEnabled = true
  b.copy('one')
  await b.answer(true)
  b.clock.advance(100)
  b.state.isSeen = false
  b.copy('hidden')
  expect(b.written).toEqual(['one'])
})

test.each(['isOpen', 'isEnabled'] as const)('a yes copies nothing if %s ended meanwhile', async (what) => {
  const b = bench()
  b.copy('one')
  b.state[what] = false
  await b.answer(true)
  expect(b.written).toEqual([])
})

test('many copies in a row write the last one, ten times a second at most', async () => {
  const b = bench()
  b.copy('asked')
  await b.answer(true)
  for (let at = 0; at < 1_000; at++) {
    b.copy(`${at}`)
    b.clock.advance(1)
  }
  b.clock.advance(100)
  expect(b.written.length).toBeLessThanOrEqual(12)
  expect(b.written.at(-1)).toBe('999')
})

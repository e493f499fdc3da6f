import { expect, test } from 'vitest'
import { DAY_MS, MINUTE_MS } from '../../../src/core/base/time/time'
import { watchForReplacedProgram } from '../../../src/core/updates/replaced-program'
import { createFakeClock } from '../../harness/base/fake-clock'

function newWatch(first: string | null) {
  const clock = createFakeClock()
  const file = { stamp: first }
  let replaced = 0
  const end = watchForReplacedProgram({ clock, stamp: () => file.stamp, onReplaced: () => (replaced += 1) })
  return { clock, file, end, replaced: () => replaced }
}

test('a program whose file is another one is noticed within a minute, and said once', () => {
  const { clock, file, replaced } = newWatch('1')
  clock.advance(DAY_MS)
  expect(replaced()).toBe(0)
  file.stamp = '2'
  clock.advance(MINUTE_MS)
  expect(replaced()).toBe(1)
  file.stamp = '3'
  clock.advance(DAY_MS)
  expect(replaced()).toBe(1)
})

test('a file that is missing for a while, or that was never seen, says nothing', () => {
  const { clock, file, replaced } = newWatch('1')
  file.stamp = null
  clock.advance(DAY_MS)
  file.stamp = '1'
  clock.advance(DAY_MS)
  expect(replaced()).toBe(0)
  const unknown = newWatch(null)
  unknown.file.stamp = '1'
  unknown.clock.advance(DAY_MS)
  expect(unknown.replaced()).toBe(0)
})

test('after its end nothing is looked at', () => {
  const { clock, file, end, replaced } = newWatch('1')
  end()
  file.stamp = '2'
  clock.advance(DAY_MS)
  expect(replaced()).toBe(0)
  expect(clock.pendingDelaysMs()).toEqual([])
})

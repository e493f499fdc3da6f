import { expect, test } from 'vitest'
import type { CommandEnd } from '../../../../src/core/terminal/commands/command-tracker'
import { createCommandWatch } from '../../../../src/main/terminals/sessions/command-watch'
import { createFakeClock } from '../../../harness/base/fake-clock'

function bench(isRequested = false) {
  const clock = createFakeClock()
  const ends: (CommandEnd & { readonly isRequested: boolean })[] = []
  const told = { seen: 0, isSeen: false }
  const watch = createCommandWatch({
    clock,
    isRequested,
    isSeen: () => told.isSeen,
    onCommandEnd: (end, wasRequested) => ends.push({ ...end, isRequested: wasRequested }),
    onSeen: () => (told.seen += 1),
    onChange: () => {},
  })
  function run(ms: number): void {
    watch.on({ kind: 'mark', mark: { kind: 'start' } })
    clock.advance(ms)
    watch.on({ kind: 'mark', mark: { kind: 'end', exitCode: 7 } })
  }
  return { clock, ends, told, watch, run }
}

test('a command is reported when it took 30 s and nobody saw it, and not otherwise', () => {
  const { run, ends, told } = bench()
  run(29_999)
  told.isSeen = true
  run(60_000)
  expect(ends).toEqual([])
  told.isSeen = false
  run(30_000)
  expect(ends).toMatchObject([{ how: 'mark', exitCode: 7, forMs: 30_000, isRequested: false }])
})

test('a command that a person asked about is reported once, whatever it is and whoever sees it', () => {
  const { run, ends, told, watch } = bench()
  told.isSeen = true
  watch.request(true)
  expect(watch.isRequested()).toBe(true)
  run(5)
  run(5)
  expect(ends).toMatchObject([{ exitCode: 7, isRequested: true }])
  expect(watch.isRequested()).toBe(false)
  watch.request(true)
  watch.request(false)
  run(5)
  expect(ends).toHaveLength(1)
})

test('a request of an earlier run is kept, and asks about the program that still runs', () => {
  const { watch, clock, ends } = bench(true)
  watch.on({ kind: 'opened', isSame: true })
  watch.on({ kind: 'foreground', command: 'train' })
  clock.advance(1_000)
  watch.on({ kind: 'foreground', command: null })
  clock.advance(3_000)
  expect(ends).toMatchObject([{ how: 'foreground', program: 'train', isRequested: true }])
})

test('that a command was lost with its shell is reported only to a person who asked', () => {
  const { watch, clock, ends } = bench()
  for (const isWanted of [false, true]) {
    watch.on({ kind: 'mark', mark: { kind: 'start' } })
    watch.request(isWanted)
    clock.advance(60_000)
    watch.on({ kind: 'lost', isKept: false })
    expect(ends).toHaveLength(isWanted ? 1 : 0)
  }
  expect(ends).toMatchObject([{ how: 'lost', exitCode: null, isRequested: true }])
})

test('what was reported is seen once, by a look at the terminal', () => {
  const { run, told, watch } = bench()
  watch.checkSeen()
  told.isSeen = true
  watch.checkSeen()
  expect(told.seen).toBe(0)
  told.isSeen = false
  run(40_000)
  watch.checkSeen()
  expect(told.seen).toBe(0)
  told.isSeen = true
  watch.checkSeen()
  watch.checkSeen()
  expect(told.seen).toBe(1)
})

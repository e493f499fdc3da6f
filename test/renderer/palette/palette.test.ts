import { describe, expect, test } from 'vitest'
import { fuzzyScore } from '../../../src/renderer/palette/fuzzy'
import { paletteEntries, rankEntries } from '../../../src/renderer/palette/palette-entries'
import { keyName } from '../../../src/renderer/ui/key-name'
import { NOW_MS, podView, snapshotOf } from '../../harness/pod-views'

const running = podView({ id: 'a', name: 'llama-70b-sft', actions: ['stop', 'restart', 'terminate'] })
const stopped = podView({ id: 'b', name: 'stopwatch', phase: 'stopped', actions: ['start'] })
const snapshot = snapshotOf([running, stopped])
const labels = (query: string, of = snapshot) =>
  rankEntries(paletteEntries(of), query).map(({ label }) => label)

describe('what is found', () => {
  test('every word must be there, in any order, letters may be left out', () => {
    expect(fuzzyScore('stop llama', 'stop llama-70b-sft')).not.toBeNull()
    expect(fuzzyScore('llama stop', 'stop llama-70b-sft')).not.toBeNull()
    expect(fuzzyScore('stp lma', 'stop llama-70b-sft')).not.toBeNull()
    expect(fuzzyScore('llama start', 'stop llama-70b')).toBeNull()
    expect(fuzzyScore('pots', 'stop')).toBeNull()
  })

  test('the start of a word is better than its middle, and that than letters far apart', () => {
    const score = (text: string) => fuzzyScore('sft', text) ?? 0
    expect(score('llama-sft')).toBeGreaterThan(score('llamasft'))
    expect(score('llamasft')).toBeGreaterThan(score('s f t'))
    expect(fuzzyScore('sft', 'sft')).toBeGreaterThan(fuzzyScore('sft', 'sft and more') ?? 0)
  })

  test('without a question everything is listed in its own order', () => {
    expect(labels('')).toEqual(paletteEntries(snapshot).map(({ label }) => label))
    expect(labels('')[0]).toBe('Go to Pods')
  })

  test('the best answer stands first', () => {
    expect(labels('stop')[0]).toBe('Stop llama-70b-sft')
    expect(labels('llama term')[0]).toBe('Terminate llama-70b-sft…')
    expect(labels('undo')[0]).toBe('Undo a stop for')
    expect(labels('start stopw')[0]).toBe('Start stopwatch')
    expect(labels('llama 4 hours')[0]).toBe('Keep on llama-70b-sft for 4 hours')
  })
})

describe('what is offered', () => {
  test('only what is possible now', () => {
    expect(labels('')).not.toContain('Start llama-70b-sft')
    expect(labels('')).not.toContain('Stop stopwatch')
    expect(labels('')).toContain('Pause alerts for 1 hour')
    const paused = snapshotOf([], { alertsPausedUntilMs: NOW_MS })
    expect(labels('alerts', paused)).toContain('Resume alerts')
    expect(labels('alerts', paused)).not.toContain('Pause alerts for 1 hour')
  })

  test('without an account only pages and settings', () => {
    const none = { ...snapshot, account: null, pods: [] }
    expect(labels('pause alerts', none)).toEqual([])
    expect(labels('settings', none)).toContain('Go to Settings')
  })

  test('every entry has a name of its own', () => {
    const ids = paletteEntries(snapshot).map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
  })
})

test('strokes are written as the system writes them', () => {
  expect(keyName('K', 'Linux x86_64')).toBe('Ctrl K')
  expect(keyName('K', 'MacIntel')).toBe('⌘K')
})

import { describe, expect, test } from 'vitest'
import { fuzzyScore } from '../../../src/renderer/palette/fuzzy'
import { paletteEntries, rankEntries } from '../../../src/renderer/palette/palette-entries'
import { shortcutLabel } from '../../../src/renderer/ui/shortcut-label'
import { NOW_MS, podView, snapshotOf } from '../../harness/pod-views'

const running = podView({ id: 'a', name: 'llama-70b-sft', actions: ['stop', 'restart', 'terminate'] })
const stopped = podView({ id: 'b', name: 'stopwatch', phase: 'stopped', actions: ['start'] })
const snapshot = snapshotOf([running, stopped])
const labels = (query: string, of = snapshot) =>
  rankEntries(paletteEntries(of), query).map(({ label }) => label)

describe('the search of the command palette', () => {
  test('requires every word, in any order, and tolerates missing letters', () => {
    expect(fuzzyScore('stop llama', 'stop llama-70b-sft')).not.toBeNull()
    expect(fuzzyScore('llama stop', 'stop llama-70b-sft')).not.toBeNull()
    expect(fuzzyScore('stp lma', 'stop llama-70b-sft')).not.toBeNull()
    expect(fuzzyScore('llama start', 'stop llama-70b')).toBeNull()
    expect(fuzzyScore('pots', 'stop')).toBeNull()
  })

  test('ranks the start of a word above its middle, and that above scattered letters', () => {
    const score = (text: string) => fuzzyScore('sft', text) ?? 0
    expect(score('llama-sft')).toBeGreaterThan(score('llamasft'))
    expect(score('llamasft')).toBeGreaterThan(score('s f t'))
    expect(fuzzyScore('sft', 'sft')).toBeGreaterThan(fuzzyScore('sft', 'sft and more') ?? 0)
  })

  test('lists everything in its original order when the query is empty', () => {
    expect(labels('')).toEqual(paletteEntries(snapshot).map(({ label }) => label))
    expect(labels('')[0]).toBe('Go to Pods')
  })

  test('ranks the best match first', () => {
    expect(labels('stop')[0]).toBe('Stop llama-70b-sft')
    expect(labels('llama term')[0]).toBe('Terminate llama-70b-sft…')
    expect(labels('undo')[0]).toBe('Undo time')
    expect(labels('start stopw')[0]).toBe('Start stopwatch')
    expect(labels('llama 4 hours')[0]).toBe('Keep llama-70b-sft running for 4 hours')
    const trainer = snapshotOf([podView({ id: 'c', name: 'trainer', sshRoute: 'direct' })])
    expect(labels('edit trainer', trainer).slice(0, 2)).toEqual([
      'Edit trainer…',
      'Edit files on trainer with an editor…',
    ])
  })
})

describe('the command palette', () => {
  test('offers only commands that are currently available', () => {
    expect(labels('')).not.toContain('Start llama-70b-sft')
    expect(labels('')).not.toContain('Stop stopwatch')
    expect(labels('')).toContain('Pause alerts for 1 hour')
    const paused = snapshotOf([], { alertsPausedUntilMs: NOW_MS })
    expect(labels('alerts', paused)).toContain('Resume alerts')
    expect(labels('alerts', paused)).not.toContain('Pause alerts for 1 hour')
  })

  test('offers only pages and settings without an account', () => {
    const none = { ...snapshot, account: null, accounts: [], pods: [] }
    expect(labels('pause alerts', none)).not.toContain('Pause alerts for 1 hour')
    expect(labels('settings', none)).toContain('Go to Settings')
  })

  test('gives every entry a unique id', () => {
    const ids = paletteEntries(snapshot).map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
  })
})

test('shortcuts are written as the platform writes them', () => {
  expect(shortcutLabel('K', 'Linux x86_64')).toBe('Ctrl K')
  expect(shortcutLabel('K', 'MacIntel')).toBe('⌘K')
})

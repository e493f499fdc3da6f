import { describe, expect, test } from 'vitest'
import { fuzzyScore } from '../../../src/renderer/palette/fuzzy'
import { paletteEntries, rankEntries } from '../../../src/renderer/palette/palette-entries'
import { isForMainWindow, terminalEntries } from '../../../src/renderer/palette/terminal-entries'
import { onePane, withSplit } from '../../../src/core/terminal/panes/pane-layout'
import { newTab } from '../../../src/core/terminal/panes/tab-layouts'
import { ok } from '../../../src/core/base/result'
import { createTerminalsStore } from '../../../src/renderer/terminal/state/terminals-store'
import { shortcutLabel } from '../../../src/renderer/ui/shortcut-label'
import { terminalView } from '../../harness/samples/terminal-view'
import { NOW_MS, podView, snapshotOf } from '../../harness/samples/pod-views'

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

describe('the palette of a window with terminals', () => {
  async function entries(windowId: string | null, ...own: readonly string[]) {
    const terminals = ['a', 'b'].map((id) => terminalView({ id, name: id.toUpperCase() }))
    const tabs = terminals.map(({ id }) =>
      own.includes(id) ? { ...newTab(id), windowId: `w-${id}` } : newTab(id),
    )
    const bridge = { terminals: async () => ok({ revision: 1, terminals, tabs }), on: () => () => {} }
    const terminalsStore = createTerminalsStore(bridge as never, undefined, windowId)
    terminalsStore.connect(() => {})
    await Promise.resolve()
    return terminalEntries(terminalsStore)
  }

  test('moves the current terminal, and leads to those in windows of their own', async () => {
    expect((await entries(null)).map(({ label }) => label)).toEqual(['Move terminal A to its own window'])
    expect((await entries(null, 'a')).map(({ label }) => label)).toEqual([
      'Move terminal B to its own window',
      'Show the window of A',
    ])
    expect((await entries(null, 'a', 'b')).map(({ label }) => label)).toEqual([
      'Show the window of A',
      'Show the window of B',
    ])
    expect(rankEntries(await entries(null), 'pop out')).toHaveLength(1)
  })

  test('names the tab, whichever of its panes has the focus', async () => {
    const terminals = ['a', 'b'].map((id) => terminalView({ id }))
    const tabs = [{ id: 'a', layout: withSplit(onePane('a'), 'a', 'right', 'b') }]
    const bridge = { terminals: async () => ok({ revision: 1, terminals, tabs }), on: () => () => {} }
    const terminalsStore = createTerminalsStore(bridge as never)
    terminalsStore.connect(() => {})
    await Promise.resolve()
    terminalsStore.select('b')
    expect(terminalEntries(terminalsStore)[0]?.label).toBe('Move terminal llama-70b-sft to its own window')
  })

  test('moves its own terminal back, and offers nothing that types in another window', async () => {
    expect((await entries('w-b', 'a', 'b')).map(({ label }) => label)).toEqual([
      'Move terminal B to the main window',
    ])
    const running = snapshotOf([podView({ id: 'c', name: 'trainer', sshRoute: 'direct' })])
    const left = paletteEntries(running).filter((one) => !isForMainWindow(one))
    expect(left.map(({ label }) => label)).toContain('Terminal on trainer')
    expect(left.map(({ label }) => label)).not.toContain('Insert a snippet on trainer')
  })
})

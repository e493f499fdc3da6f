import { describe, expect, test } from 'vitest'
import { paletteEntries } from '../../../src/renderer/palette/palette-entries'
import { levelEntries } from '../../../src/renderer/palette/pod-entries'
import { rankEntries, rankLevel } from '../../../src/renderer/palette/rank-entries'
import { loadRecent, saveRecent } from '../../../src/renderer/palette/recent-choices'
import { isForMainWindow, terminalEntries } from '../../../src/renderer/palette/terminal-entries'
import { onePane, withSplit } from '../../../src/core/terminal/panes/pane-layout'
import { newTab } from '../../../src/core/terminal/panes/tab-layouts'
import { ok } from '../../../src/core/base/result'
import { createTerminalsStore } from '../../../src/renderer/terminal/state/terminals-store'
import { shortcutLabel } from '../../../src/renderer/ui/shortcut-label'
import { terminalView } from '../../harness/samples/terminal-view'
import { idleFor, NOW_MS, podView, snapshotOf } from '../../harness/samples/pod-views'

const running = podView({ id: 'a', name: 'llama-70b-sft', actions: ['stop', 'restart', 'terminate'] })
const stopped = podView({ id: 'b', name: 'stopwatch', phase: 'stopped', actions: ['start'] })
const snapshot = snapshotOf([running, stopped])
const labels = (query: string, of = snapshot) =>
  rankEntries(paletteEntries(of), query).map(({ label }) => label)

/* Names as in the demo. Two pods are called llama; neither is stopped by that name alone. */
const fleet = snapshotOf([
  podView({
    id: 'p1',
    name: 'mcmc-planck',
    activity: idleFor(40),
    actions: ['stop', 'restart', 'terminate'],
  }),
  podView({ id: 'p2', name: 'llama-70b-sft', actions: ['stop', 'restart', 'terminate'], isLocked: false }),
  podView({ id: 'p3', name: 'llama-eval', actions: ['stop', 'restart', 'terminate'] }),
  podView({ id: 'p4', name: 'whisper-batch', phase: 'stopped', actions: ['start', 'terminate'] }),
  podView({ id: 'p5', name: 'protein-all-idle-stop', actions: ['stop', 'restart'], hasLogs: true }),
  podView({ id: 'p6', name: 'idle-watcher', actions: ['stop'] }),
])

describe('the search of the command palette', () => {
  test.each([
    // What people typed at the palette, and what they meant.
    ['stop all idle', 'Stop all idle pods…'],
    ['stop idle', 'Stop all idle pods…'],
    ['stop all', 'Stop all idle pods…'],
    ['kill all idle pods', 'Stop all idle pods…'],
    ['please stop my idle pods', 'Stop all idle pods…'],
    ['stop everything', 'Stop all idle pods…'],
    ['idle', 'Stop all idle pods…'],
    ['kill mcmc', 'Stop mcmc-planck'],
    ['stop mcmc', 'Stop mcmc-planck'],
    ['mcmc stop', 'Stop mcmc-planck'],
    ['shut down mcmc', 'Stop mcmc-planck'],
    ['turn off planck', 'Stop mcmc-planck'],
    ['restart mcmc', 'Restart mcmc-planck'],
    ['reboot the mcmc pod', 'Restart mcmc-planck'],
    ['delete mcmc', 'Terminate mcmc-planck…'],
    ['term mcmc', 'Terminal on mcmc-planck'],
    ['start whisper', 'Start whisper-batch'],
    ['ssh mcmc', 'Terminal on mcmc-planck'],
    ['ssh llama', 'Terminal on llama-70b-sft'],
    ['shell llama eval', 'Terminal on llama-eval'],
    ['ssh', 'Terminal on a pod…'],
    ['shell', 'Terminal on a pod…'],
    // Which of two is asked, never guessed.
    ['stop llama', 'Stop a pod…'],
    ['kill llama', 'Stop a pod…'],
    ['restart llama', 'Restart a pod…'],
    ['stop llama-70b', 'Stop llama-70b-sft'],
    ['stop', 'Stop a pod…'],
    ['kill', 'Stop a pod…'],
    // What can't be done now shows the pod.
    ['stop whisper', 'whisper-batch'],
    ['llama', 'llama-70b-sft'],
    ['whisper', 'whisper-batch'],
    ['logs protein', 'Logs of protein-all-idle-stop'],
    ['files mcmc', 'Files of mcmc-planck…'],
    ['rules mcmc', 'Guard rules of mcmc-planck…'],
    ['keep mcmc 4 hours', 'Keep mcmc-planck running for 4 hours'],
    ['mcmc until i cancel', 'Keep mcmc-planck running until I cancel'],
    ['clone mcmc', 'Create another pod like mcmc-planck…'],
    ['edit mcmc', 'Edit mcmc-planck…'],
    ['jupyter mcmc', 'Ports of mcmc-planck…'],
    ['cost', 'Go to Costs'],
    ['spend', 'Go to Costs'],
    ['bill', 'Go to Costs'],
    ['settings', 'Go to Settings'],
    ['preferences', 'Go to Settings'],
    ['storage', 'Go to Volumes'],
    ['new pod', 'New pod'],
    ['create', 'New pod'],
    ['refresh', 'Refresh now'],
    ['mute', 'Pause alerts for 1 hour'],
    ['shortcuts', 'Keyboard shortcuts'],
    ['api key', 'Manage accounts'],
    ['budget', 'Monthly budget'],
    ['dark', 'Appearance'],
    ['quit', 'Quit Podkeeper'],
    ['sound', 'Test notification'],
    ['zoom', 'Zoom'],
    ['undo', 'Undo time'],
  ])('answers "%s" with "%s"', (query, first) => {
    expect(labels(query, fleet)[0]).toBe(first)
  })

  test('never puts first what stops, restarts, starts or deletes unless its command and one pod are named', () => {
    const entries = paletteEntries(fleet)
    const words = ['stop', 'kill', 're', 's', 'term', 'down', 'mcmc', 'llama', 'p', 'idle']
    for (const a of ['', ...words])
      for (const b of ['', ...words])
        for (const c of words) {
          const [first] = rankEntries(entries, `${a} ${b} ${c}`)
          if (first?.kind !== 'pod-command' || !first.isCareful) continue
          const names = fleet.pods.filter(({ name }) =>
            [a, b, c].some((word) => word !== '' && name.split('-').some((part) => part.startsWith(word))),
          )
          expect(names.map(({ key }) => key)).toContain(first.podKey)
        }
    // By letters in the middle of words, or by a pod alone, none is found.
    for (const query of ['top mcmc', 'stp mcm', 'mcmc', 'stop mc-lanck', 'shut down'])
      expect(labels(query, fleet)).not.toContain('Stop mcmc-planck')
  })

  test('two accounts with a pod of one name are asked apart', () => {
    const entries = paletteEntries(
      snapshotOf([
        podView({ id: 'a', name: 'llama' }),
        podView({ id: 'b', name: 'llama' }),
        podView({ id: 'c', name: 'llama-2' }),
      ]),
    )
    expect(rankEntries(entries, 'stop llama')[0]?.label).toBe('Stop a pod…')
    const single = paletteEntries(
      snapshotOf([podView({ id: 'a', name: 'llama' }), podView({ id: 'c', name: 'llama-2' })]),
    )
    expect(rankEntries(single, 'stop llama')[0]?.label).toBe('Stop llama')
  })

  test('lists recent choices first, then everything in its order, when the query is empty', () => {
    const all = paletteEntries(snapshot)
    expect(labels('')).toEqual(all.flatMap((one) => (one.kind === 'pod-command' ? [] : one.label)))
    expect(labels('')[0]).toBe('Go to Pods')
    const recent = rankEntries(all, ' ', ['page:costs', 'gone', `terminal:${running.key}`])
    expect(recent.slice(0, 3).map(({ label }) => label)).toEqual([
      'Go to Costs',
      'Terminal on llama-70b-sft',
      'Go to Pods',
    ])
    expect(new Set(recent.map(({ id }) => id)).size).toBe(recent.length)
  })
})

describe('a level of the palette', () => {
  const entries = paletteEntries(fleet)
  const inLevel = (id: string, query: string) => {
    const choose = entries.find((entry) => entry.id === id)?.choose
    if (typeof choose !== 'object') throw new Error(`no level ${id}`)
    return rankLevel(levelEntries(entries, choose), query).map(({ label }) => label)
  }

  test('of a pod has its commands, those that are careful after others that match as well', () => {
    const [mcmc] = fleet.pods
    expect(inLevel(`pod:${mcmc?.key}`, '').slice(0, 2)).toEqual(['Terminal', 'Stop'])
    expect(inLevel(`pod:${mcmc?.key}`, 'kill')[0]).toBe('Stop')
    expect(inLevel(`pod:${mcmc?.key}`, 're')[0]).not.toBe('Restart')
    expect(inLevel(`pod:${mcmc?.key}`, 'no such thing')).toEqual([])
  })

  test('of a command has the pods that it can be done to now', () => {
    expect(inLevel('verb:stop', '')).not.toContain('whisper-batch')
    expect(inLevel('verb:stop', 'llama')).toEqual(['llama-70b-sft', 'llama-eval'])
    expect(inLevel('verb:start', '')).toEqual(['whisper-batch'])
  })
})

test('recent choices are remembered, each once, and five of them', () => {
  let stored: string | null = 'damaged'
  const storage = { getItem: () => stored, setItem: (_: string, text: string) => void (stored = text) }
  expect(loadRecent(storage)).toEqual([])
  for (const id of ['a', 'b', 'c', 'a', 'd', 'e', 'f']) saveRecent(storage, id)
  expect(loadRecent(storage)).toEqual(['f', 'e', 'd', 'a', 'c'])
})

describe('the command palette', () => {
  test('offers only commands that are currently available', () => {
    expect(labels('start llama')).not.toContain('Start llama-70b-sft')
    expect(labels('stop stopwatch')).not.toContain('Stop stopwatch')
    expect(labels('start stopwatch')[0]).toBe('Start stopwatch')
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

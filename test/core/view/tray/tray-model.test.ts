import { expect, test } from 'vitest'
import { obstacle } from '../../../harness/samples/obstacles'
import { noGuard } from '../../../../src/core/guard/guard-view'
import { emptySnapshot, type PodView, type Snapshot } from '../../../../src/core/view/snapshot'
import type { ConnectionView } from '../../../../src/core/polling/connection'
import type { TrayMenuEntry } from '../../../../src/core/view/tray/tray-menu'
import { trayModel } from '../../../../src/core/view/tray/tray-model'
import { HOUR_MS } from '../../../../src/core/base/time/time'
import { idleFor, podView, intentView } from '../../../harness/samples/pod-views'

const account = {
  id: 'a',
  isDemo: false,
  host: 'api.runpod.io',
  keyStorage: 'system-keyring',
  isMonitorOnly: false,
} as const

function snapshot(changes: Partial<Snapshot> = {}): Snapshot {
  return { ...emptySnapshot(0, []), account, connection: { kind: 'live' }, ...changes }
}

const failures: readonly ConnectionView[] = [
  { kind: 'offline', sinceMs: 0, nextTryAtMs: 1, failure: 'ECONNRESET' },
  { kind: 'unreadable', sinceMs: 0, nextTryAtMs: 1, failure: 'HTML' },
  { kind: 'rate-limited', untilMs: 1 },
  { kind: 'key-doubted', atMs: 0, retryAtMs: 1 },
]

test('the tray shows the first state that applies: key refused, offline, short of money, idle, paused, running, calm', () => {
  const refused: ConnectionView = { kind: 'key-refused', firstAtMs: 0, againAtMs: 1, nextTryAtMs: 1 }
  const all = { pods: [podView()], idleCount: 1, alertsPausedUntilMs: 1, runwayMs: 6 * HOUR_MS }
  const stateOf = (changes: Partial<Snapshot>) => trayModel(snapshot({ ...all, ...changes })).state
  expect(stateOf({ connection: refused })).toBe('key-refused')
  for (const connection of failures) expect(stateOf({ connection })).toBe('offline')
  expect(stateOf({})).toBe('short-of-money')
  const enough = { runwayMs: 6 * HOUR_MS + 1 }
  expect(stateOf(enough)).toBe('idle')
  expect(stateOf({ runwayMs: null, idleCount: 0 })).toBe('paused')
  expect(stateOf({ ...enough, idleCount: 0, alertsPausedUntilMs: null })).toBe('running')
  expect(trayModel(snapshot({ pods: [podView({ phase: 'stopped' })] })).state).toBe('calm')
  expect(trayModel(emptySnapshot(0, [])).state).toBe('calm')
})

test('the tooltip shows what runs and the current rate, and marks a sum that is a lower bound', () => {
  const pods = [podView(), podView({ id: 'b' }), podView({ id: 'c', phase: 'creating' })]
  expect(trayModel(snapshot({ pods, burn: { perHourUsd: 18.25, isAtLeast: false } })).tooltip).toBe(
    '2 running · 1 creating · $18.25/hr',
  )
  const oneIdle = [podView({ activity: idleFor(1) }), ...pods.slice(1)]
  expect(trayModel(snapshot({ pods: oneIdle, burn: { perHourUsd: 4, isAtLeast: true } })).tooltip).toBe(
    '1 idle, wasting $10.76/hr · 1 running · 1 creating · at least $4.00/hr',
  )
  const onlyIdle = snapshot({ pods: oneIdle.slice(0, 1), burn: { perHourUsd: 4, isAtLeast: false } })
  expect(trayModel(onlyIdle).tooltip).toBe('1 idle, wasting $10.76/hr · $4.00/hr')
  expect(trayModel(snapshot({ connection: { kind: 'connecting' } })).tooltip).toBe('Podkeeper: connecting')
  expect(trayModel(emptySnapshot(0, [])).tooltip).toBe('Podkeeper: not connected')
})

test('the tooltip starts with problems, and the title shows only running pods and the rate', () => {
  const burn = { perHourUsd: 18.25, isAtLeast: false }
  const model = trayModel(snapshot({ pods: [podView()], burn, runwayMs: 5.99 * HOUR_MS }))
  expect(model.tooltip).toBe('Balance lasts 5 h 59 min · 1 running · $18.25/hr')
  expect(model.title).toBe('1 running · $18.25/hr')
  const paused = trayModel(snapshot({ alertsPausedUntilMs: new Date(2026, 10, 24, 15, 5).getTime() }))
  expect(paused.tooltip).toBe('0 running · $0.00/hr · alerts paused until 15:05')
  expect(trayModel(emptySnapshot(0, [])).title).toBe('')
})

test('the tooltip says that nothing is stopped until an open question about the account is answered', () => {
  const { tooltip } = trayModel(snapshot({ account: { ...account, earlierKeyEnding: 'abcd' } }))
  expect(tooltip).toBe('0 running · $0.00/hr · no automatic stops until you confirm which account it is')
})

test('the tooltip and the menu say what keeps rules from being carried out', () => {
  const one = trayModel(snapshot({ obstacles: [obstacle()] }))
  expect(one.tooltip).toBe('0 running · $0.00/hr · notifications can’t be shown')
  expect(one.menu[0]).toEqual({ kind: 'text', text: one.tooltip })
  const offline = obstacle({ code: 'offline', title: 'Automatic stops wait for Runpod' })
  const ofPod = obstacle({ code: 'unheard', podId: 'p', podName: 'llama', title: 'llama isn’t stopped' })
  expect(trayModel(snapshot({ obstacles: [offline, ofPod, obstacle()] })).tooltip).toBe(
    '0 running · $0.00/hr · llama isn’t stopped, and 1 more',
  )
})

test('a rule that nobody can carry out has no time in the menu, which says why', () => {
  const text = 'Not stopped, since no warning could be shown to you.'
  const blocked = { kind: 'blocked', cause: 'quiet', conditions: [], text } as const
  const pods = [podView({ name: 'llama', guard: { ...noGuard, isAutoStopEnabled: true, autoStop: blocked } })]
  const unheard = obstacle({
    code: 'unheard',
    severity: 'critical',
    podId: 'pod-1',
    podName: 'llama',
    title: 'llama isn’t stopped, because no warning can be shown',
  })
  const texts = trayModel(snapshot({ pods, obstacles: [unheard, obstacle()] })).menu.flatMap((entry) =>
    entry.kind === 'text' ? [entry.text] : [],
  )
  expect(texts).toEqual([
    expect.stringMatching(/ · llama isn’t stopped, because no warning can be shown, and 1 more$/),
  ])
})

test('the menu pauses and resumes alerts', () => {
  const commands = (changes: Partial<Snapshot>) =>
    trayModel(snapshot(changes)).menu.flatMap((entry) => (entry.kind === 'item' ? [entry.command.kind] : []))
  expect(commands({})).toEqual(['pause-alerts', 'open', 'open-window', 'open-window', 'quit'])
  expect(commands({ alertsPausedUntilMs: 1 })[0]).toBe('resume-alerts')
})

test('the text does not change every second, because the menu is replaced when it does', () => {
  const at = (ms: number) => trayModel(snapshot({ pods: [podView()], runwayMs: 3 * HOUR_MS + ms }))
  expect(at(1_000)).toEqual(at(59_000))
})

test('a pod offers what it allows, and nothing more while an action is in progress', () => {
  expect(labels(submenu(podView({ actions: ['stop'] })))).toEqual([
    'Busy · $10.76/hr',
    'Stop',
    'Keep running',
    'Terminal',
    'Show',
  ])
  expect(labels(submenu(podView({ phase: 'stopped', actions: ['start'] })))).toEqual([
    'Stopped',
    'Start',
    'Show',
  ])
  expect(labels(submenu(podView({ actions: [], clusterId: 'c' })))).toEqual([
    'Busy · $10.76/hr',
    'Keep running',
    'Terminal',
    'Show',
  ])
  expect(labels(submenu(podView({ intent: intentView() })))).toEqual([
    'Stopping',
    'Keep running',
    'Terminal',
    'Show',
  ])
})

test('an action that can be undone is at the top and with its pod', () => {
  const intent = intentView({ phase: 'scheduled', undoUntilMs: 5_000 })
  const pod = podView({ name: 'train', intent })
  const model = trayModel(snapshot({ pods: [pod] }))
  expect(model.menu[1]).toEqual({
    kind: 'item',
    text: 'Undo: stop train',
    command: { kind: 'undo', intentId: 'i' },
  })
  expect(labels(submenu(pod))).toContain('Undo: stop train')
})

test('the menu restarts a pod directly, and only opens the confirmation for a terminate', () => {
  const entry = submenu(podView({ actions: ['stop', 'restart', 'terminate'] }))
  expect(labels(entry)).toEqual([
    'Busy · $10.76/hr',
    'Stop',
    'Restart',
    'Terminate…',
    'Keep running',
    'Terminal',
    'Show',
  ])
  const commands = entry.flatMap((one) => (one.kind === 'item' ? [one.command] : []))
  expect(commands).toEqual([
    { kind: 'act', podKey: 'account/pod-1', action: 'stop' },
    { kind: 'act', podKey: 'account/pod-1', action: 'restart' },
    { kind: 'ask-terminate', podKey: 'account/pod-1' },
    { kind: 'open-terminal', podKey: 'account/pod-1' },
    { kind: 'show-pod', podKey: 'account/pod-1' },
  ])
})

test('a pod without a route offers no terminal', () => {
  expect(labels(submenu(podView({ sshRoute: null })))).not.toContain('Terminal')
})

test('a start without a free GPU can wait for one, and the tray can end the waiting', () => {
  const intent = {
    id: 'i',
    podId: 'pod-1',
    action: 'start',
    origin: 'person',
    requester: 'person',
    waitsForGpu: false,
    nextTryAtMs: null,
    undoUntilMs: null,
    message: 'There are not enough free GPUs.',
    atMs: 0,
  } as const
  const failed = podView({
    name: 'train',
    phase: 'stopped',
    actions: ['start', 'terminate'],
    intent: { ...intent, phase: 'failed', canWaitForGpu: true },
  })
  expect(labels(submenu(failed))).toEqual([
    'Stopped',
    'Start',
    'Start when a GPU is free',
    'Terminate…',
    'Show',
  ])
  for (const phase of ['waiting', 'sent'] as const) {
    const waiting = podView({
      ...failed,
      intent: { ...intent, phase, waitsForGpu: true, canWaitForGpu: false },
    })
    expect(labels(submenu(waiting))[0]).toBe('Waiting for a GPU')
    expect(labels(submenu(waiting)).includes('Stop waiting for a GPU: train')).toBe(phase === 'waiting')
    expect(labels(submenu(waiting))).not.toContain('Start')
  }
})

test('an unknown status is shown raw, and a long name is truncated', () => {
  expect(labels(submenu(podView({ phase: 'unknown', rawStatus: 'MIGRATING' })))[0]).toBe('MIGRATING')
  expect(labels(submenu(podView({ phase: 'unknown', rawStatus: '' })))[0]).toBe('No status')
  const model = trayModel(snapshot({ pods: [podView({ name: 'x'.repeat(60) })] }))
  expect(labels(model.menu).find((text) => text.startsWith('xx'))).toHaveLength(40)
})

function submenu(pod: PodView): readonly TrayMenuEntry[] {
  const entry = trayModel(snapshot({ pods: [pod] })).menu.find(({ kind }) => kind === 'submenu')
  return entry?.kind === 'submenu' ? entry.entries : []
}

const labels = (entries: readonly TrayMenuEntry[]): string[] =>
  entries.map((entry) => (entry.kind === 'separator' ? '—' : entry.text))

test('the tray keeps a pod running, and can end that', () => {
  const guard = (keepOn: { sinceMs: number; untilMs: number | null } | null) => ({ ...noGuard, keepOn })
  const inner = submenu(podView({ guard: guard(null) })).find((entry) => entry.kind === 'submenu')
  expect(inner?.kind === 'submenu' ? labels(inner.entries) : []).toEqual([
    'For 1 hour',
    'For 4 hours',
    'Until 09:00',
    'Until I cancel',
  ])
  expect(inner?.kind === 'submenu' ? inner.entries[2] : null).toMatchObject({
    command: { kind: 'keep-on', podKey: 'account/pod-1', choice: 'morning' },
  })
  const kept = labels(submenu(podView({ guard: guard({ sinceMs: 0, untilMs: null }) })))
  expect(kept.slice(-4)).toEqual([
    'Keeping until you cancel',
    'Cancel keeping it running',
    'Terminal',
    'Show',
  ])
  expect(labels(submenu(podView({ phase: 'stopped', guard: guard(null) })))).not.toContain('Keep running')
})

test('the menu pauses and resumes automatic stops, once some pods may be stopped', () => {
  const commands = (autoStop: 'undecided' | 'off' | 'ticked' | 'all', areAutoStopsPaused = false) =>
    trayModel(snapshot({ guard: { autoStop, areAutoStopsPaused, isDryRun: false } })).menu.flatMap((entry) =>
      entry.kind === 'item' && entry.command.kind.endsWith('auto-stops') ? [entry.command.kind] : [],
    )
  expect(commands('undecided')).toEqual([])
  expect(commands('off')).toEqual([])
  expect(commands('ticked')).toEqual(['pause-auto-stops'])
  expect(commands('all')).toEqual(['pause-auto-stops'])
  expect(commands('all', true)).toEqual(['resume-auto-stops'])
})

test('a planned stop is shown next to the state of its pod', () => {
  const atMs = new Date(2026, 10, 24, 15, 5).getTime()
  const autoStop = { kind: 'planned', cause: 'quiet', action: 'stop', atMs } as const
  expect(labels(submenu(podView({ guard: { ...noGuard, autoStop } })))[0]).toBe(
    'Busy · $10.76/hr · stops at 15:05',
  )
})

test('the icon is dimmed while what is shown is old, and only then', () => {
  for (const connection of failures) expect(trayModel(snapshot({ connection })).isDimmed).toBe(true)
  expect(trayModel(snapshot()).isDimmed).toBe(false)
  expect(trayModel(emptySnapshot(0, [])).isDimmed).toBe(false)
})

test('a pod has the same state as in the windows, which changes once a minute at most', () => {
  const state = (activity: PodView['activity']) => labels(submenu(podView({ activity })))[0]
  expect(state(idleFor(24))).toBe('Idle 24 min · $10.76/hr')
  expect(state(idleFor(24.9))).toBe('Idle 24 min · $10.76/hr')
  expect(state(idleFor(0.2))).toBe(state(idleFor(1)))
  const kept = podView({
    activity: idleFor(24),
    guard: { ...noGuard, keepOn: { sinceMs: 0, untilMs: null } },
  })
  expect(labels(submenu(kept))[0]).toBe('Kept running · $10.76/hr')
})

test('what needs the user comes first, and many pods are in a menu of their own', () => {
  const idle = ['cheap', 'dear'].map((id, index) =>
    podView({ id, name: id, activity: idleFor(60), costPerHourUsd: index + 1 }),
  )
  const busy = Array.from({ length: 6 }, (_, index) => podView({ id: `b${index}`, name: `busy-${index}` }))
  const few = trayModel(snapshot({ pods: [...busy, ...idle] })).menu
  expect(labels(few).slice(1, 13)).toEqual([
    '—',
    'Needs attention',
    'dear · Idle 1 h · $2.00/hr',
    'cheap · Idle 1 h · $1.00/hr',
    '—',
    ...busy.map(({ name }) => name),
    '—',
  ])
  const many = trayModel(snapshot({ pods: [...busy, ...idle, podView({ id: 'c', name: 'last' })] })).menu
  expect(labels(many).slice(1, 8)).toEqual([
    '—',
    'Needs attention',
    'dear · Idle 1 h · $2.00/hr',
    'cheap · Idle 1 h · $1.00/hr',
    '—',
    'All pods (9)',
    '—',
  ])
  const all = many.find((entry) => entry.kind === 'submenu' && entry.text.startsWith('All pods'))
  expect(all?.kind === 'submenu' ? labels(all.entries) : []).toHaveLength(9)
})

test('with hundreds of idle pods only the dearest are listed beside the menu of all', () => {
  const pods = Array.from({ length: 200 }, (_, index) =>
    podView({ id: `p${index}`, name: `p${index}`, activity: idleFor(60), costPerHourUsd: index }),
  )
  const { menu } = trayModel(snapshot({ pods }))
  const names = labels(menu)
    .filter((text) => /^p\d/.test(text))
    .map((text) => text.split(' ')[0])
  expect(names).toEqual(['p199', 'p198', 'p197', 'p196', 'p195', 'p194', 'p193', 'p192'])
})

test('the next stops stand above the pods, soonest first, and not from data that is old', () => {
  const at = (hour: number) => new Date(2026, 10, 24, hour, 5).getTime()
  const stopping = (name: string, hour: number) =>
    podView({
      id: name,
      name,
      guard: { ...noGuard, autoStop: { kind: 'planned', cause: 'quiet', action: 'stop', atMs: at(hour) } },
    })
  const pods = [stopping('third', 17), stopping('first', 15), stopping('second', 16)]
  const above = (changes: Partial<Snapshot> = {}) => {
    const texts = labels(trayModel(snapshot({ pods, atMs: at(14), ...changes })).menu)
    return texts.slice(1, texts.indexOf('—'))
  }
  expect(above()).toEqual(['15:05 stop first', '16:05 stop second'])
  // On another day its name is there, too.
  expect(above({ pods: [stopping('later', 38)] })[0]).toMatch(/^Wed 14:05 stop later$/)
  expect(above({ connection: failures[0]! })).toEqual([])
  expect(above({ guard: { autoStop: 'all', areAutoStopsPaused: false, isDryRun: true } })).toEqual([
    '15:05 dry run: would stop first',
    '16:05 dry run: would stop second',
  ])
})

test('from two idle pods on, one entry asks about all of them, unless each would lose all its data', () => {
  const kept = {
    impact: 'kept',
    storage: 'volume',
    sizeGb: 1,
    path: '/w',
    stoppedCostPerDayUsd: null,
  } as const
  const idle = (id: string, stopImpact: PodView['stopImpact'] = [kept]) =>
    podView({ id, activity: idleFor(20), stopImpact })
  const commands = (...pods: PodView[]) =>
    trayModel(snapshot({ pods })).menu.filter(
      (entry) => entry.kind === 'item' && entry.command.kind === 'stop-idle',
    )
  const entry = { kind: 'item', text: 'Stop idle pods…', command: { kind: 'stop-idle' } }
  expect(commands(idle('a'), idle('b'))).toEqual([entry])
  expect(commands(idle('a'), idle('b', []))).toEqual([entry])
  expect(commands(idle('a'), podView({ id: 'b' }))).toEqual([])
  expect(commands(idle('a', []), idle('b', []))).toEqual([])
})

import type { Settings } from '../../src/core/settings/settings'
import type { Snapshot } from '../../src/core/view/snapshot'
import type { Measurement } from '../measurement'
import { Notifications } from '../../test/harness/app/desktop/notifications'
import { accountIdOf, openScene, podKeyIn, type Scene } from '../../test/harness/app/start/scene'
import { pause, waitUntil } from '../../test/harness/app/act/wait-until'
import { type AppEvent, type AppVerdict, checkApp } from './app-oracle'
import { type AppPod, type AppScript, type Disturbance, GAP_MS, writeAppScript } from './app-script'
import { RuleViolationError } from './run-simulations'

const ACCOUNTS = 10
export const appSettings = {
  idleAlertAfterMin: 0.05,
  autoStopAfterMin: 0.2,
  autoStopFirstWarningMin: 0.1,
  autoStopLastWarningMin: 0.05,
  gapMin: GAP_MS / 60_000,
} as const satisfies Partial<Settings>
const OBSERVE_EVERY_MS = 200

/** Simulates 80 pods with the real app, over HTTP against the simulator, with the real notification daemon. */
export async function measureAppSimulations(): Promise<readonly Measurement[]> {
  const total = new Map<string, number>()
  const add = (name: string, count: number): void => void total.set(name, (total.get(name) ?? 0) + count)
  for (let seed = 1; seed <= ACCOUNTS; seed += 1) {
    const { pods, recordedEvents, verdict } = await runAppSimulation(seed)
    if (verdict.violations.length > 0)
      throw new RuleViolationError(
        [`App life of seed ${seed}:`, ...verdict.violations, ...recordedEvents.map(formatEvent)].join('\n  '),
      )
    const count = (kind: AppEvent['kind']): number => recordedEvents.filter((one) => one.kind === kind).length
    add('pod lives through the real app without a broken rule', pods.length)
    add('automatic stops by the real app that had to come', verdict.stopsDue)
    add('of them at maximum hours', verdict.overMaxHours)
    add('automatic stops by the real app', count('stop'))
    add('warnings by the real app', count('warning'))
    add('pods that the real app said to be idle', verdict.alerted)
    add('pods that idled long enough in the real app and must not be stopped', verdict.exempt)
    add('pods that the real app had warned of and that worked again', verdict.cancelled)
    add('stops undone in the real app', count('undone'))
    add('kills of the real app', count('kill'))
    add('outages of the real app', count('fault'))
    add('sleeps of the real app', count('sleep'))
  }
  return [...total].map(([name, value]) => ({
    group: 'guard',
    name,
    unit: '',
    value,
    spread: null,
    baseline: null,
    beside: null,
    goal: null,
  }))
}

interface AppSimulation {
  readonly pods: readonly AppPod[]
  readonly recordedEvents: readonly AppEvent[]
  readonly verdict: AppVerdict
}

/** Simulates the account of a seed in the real app. */
export async function runAppSimulation(seed: number): Promise<AppSimulation> {
  const script = writeAppScript(seed)
  const { pods } = script
  const notifications = await Notifications.listen()
  await notifications.closeAll()
  const recordedEvents: AppEvent[] = []
  const log = (kind: 'created' | 'started' | 'end'): void =>
    void recordedEvents.push({ kind, atMs: Date.now() })
  log('created')
  const scene = await openScene({ pods: pods.map(({ spec }) => spec), settings: appSettings })
  const watch = setInterval(
    () => recordObservations(scene, notifications, pods, recordedEvents),
    OBSERVE_EVERY_MS,
  )
  try {
    await setUpPods(scene, pods)
    log('started')
    await playScript(scene, script, recordedEvents)
    recordObservations(scene, notifications, pods, recordedEvents)
    log('end')
    recordedEvents.sort((a, b) => a.atMs - b.atMs)
    return { pods, recordedEvents, verdict: checkApp(pods, recordedEvents) }
  } finally {
    clearInterval(watch)
    await scene.close()
    notifications.disconnect()
  }
}

/** Connects and sets the owner's guard rules. */
async function setUpPods(scene: Scene, pods: readonly AppPod[]): Promise<void> {
  await scene.pasteKey()
  await waitUntil('the pods', async () => (await scene.page.getByRole('article').count()) === pods.length)
  for (const { spec, quirk, maxHours } of pods) {
    const id = JSON.stringify(await podKeyIn(scene.page, spec.id ?? ''))
    if (quirk === 'unticked') await callApp(scene, `changePodRules(${id}, { isAutoStopped: false })`)
    if (quirk === 'kept-on') await callApp(scene, `keepOn(${id}, "until-told")`)
    if (maxHours !== null) await callApp(scene, `changePodRules(${id}, { maxHours: ${maxHours} })`)
  }
  await callApp(scene, `setAutoStop(${JSON.stringify(await accountIdOf(scene.page))}, 'all')`)
}

/** Sends a request over the bridge, as a window does. */
async function callApp<T>(scene: Scene, request: string): Promise<T> {
  const answer = await scene.page.evaluate<{ ok: boolean; value: T }>(`window.app.${request}`)
  if (!answer.ok) throw new Error(`${request}: ${JSON.stringify(answer)}`)
  return answer.value
}

/** Runs all events of the account at their times. */
async function playScript(scene: Scene, script: AppScript, recordedEvents: AppEvent[]): Promise<void> {
  const startedAtMs = Date.now()
  const events = [
    ...script.disturbances.map((one) => ({
      afterMs: one.afterMs,
      run: () => runDisturbance(scene, one, recordedEvents),
    })),
    ...script.pods.flatMap(({ spec: { id = '' }, modes, undoneAfterMs }) => [
      ...modes.map(({ afterMs, mode }) => ({
        afterMs,
        async run() {
          if (scene.runpod.pod(id)['status'] !== 'RUNNING') return
          scene.runpod.setPod(id, { mode })
          recordedEvents.push({ kind: 'mode', atMs: Date.now(), podId: id, mode })
        },
      })),
      ...(undoneAfterMs === null
        ? []
        : [{ afterMs: undoneAfterMs, run: () => stopAndUndo(scene, id, recordedEvents) }]),
    ]),
  ].sort((a, b) => a.afterMs - b.afterMs)
  for (const { afterMs, run } of events) {
    await pause(Math.max(0, startedAtMs + afterMs - Date.now()))
    await run()
  }
  const lastMs = Math.max(
    0,
    ...recordedEvents.filter(({ kind }) => DISTURBANCE_END_KINDS.has(kind)).map(({ atMs }) => atMs),
  )
  const endMs = Math.max(startedAtMs + script.durationMs, lastMs + AFTER_DISTURBANCE_MS)
  await pause(Math.max(0, endMs - Date.now()))
}

/** After a disturbance, an overdue stop gets the full time again, however long the disturbance lasted. */
const AFTER_DISTURBANCE_MS = 28_000
const DISTURBANCE_END_KINDS: ReadonlySet<AppEvent['kind']> = new Set(['restarted', 'wake', 'fault'])

async function runDisturbance(scene: Scene, one: Disturbance, recordedEvents: AppEvent[]): Promise<void> {
  const log = (kind: 'kill' | 'restarted' | 'fault' | 'sleep' | 'wake'): void =>
    void recordedEvents.push({ kind, atMs: Date.now() })
  switch (one.kind) {
    case 'outage':
      scene.runpod.fault({ kind: one.how, count: one.count, retryAfterS: 2 })
      log('fault')
      return
    case 'sleep':
      log('sleep')
      await scene.running.app.evaluate(({ powerMonitor }) => powerMonitor.emit('suspend'))
      await pause(one.forMs)
      log('wake')
      await scene.running.app.evaluate(({ powerMonitor }) => powerMonitor.emit('resume'))
      return
    case 'kill':
      log('kill')
      await scene.crashAndRestart()
      await scene.pasteKey()
      await scene.page.getByRole('article').first().waitFor()
      log('restarted')
  }
}

/** Stops a pod and undoes that at once. */
async function stopAndUndo(scene: Scene, podId: string, recordedEvents: AppEvent[]): Promise<void> {
  await callApp(scene, `act(${JSON.stringify(await podKeyIn(scene.page, podId))}, 'stop')`)
  const { pods } = await callApp<Snapshot>(scene, 'snapshot()')
  const intent = pods.find(({ id }) => id === podId)?.intent ?? null
  if (intent === null) throw new Error(`The stop of ${podId} is not in the picture.`)
  await callApp(scene, `undo(${JSON.stringify(intent.id)})`)
  recordedEvents.push({ kind: 'undone', atMs: Date.now(), podId })
}

/** Records what the daemon and the simulator received since the last call. */
function recordObservations(
  scene: Scene,
  notifications: Notifications,
  pods: readonly AppPod[],
  recordedEvents: AppEvent[],
): void {
  const seen = recordedEvents.filter(
    ({ kind }) => kind === 'warning' || kind === 'idle-alert' || kind === 'other-alert',
  ).length
  for (const { title, body } of notifications.allIncludingReplaced().slice(seen)) {
    const atMs = Date.now()
    const [, name, what] = /^(pod-\d+) (will be stopped in|has been idle for)/.exec(title) ?? []
    const podId = pods.find(({ spec }) => spec.name === name)?.spec.id ?? ''
    if (what === undefined) recordedEvents.push({ kind: 'other-alert', atMs, text: `${title}. ${body}` })
    else recordedEvents.push({ kind: what.startsWith('will') ? 'warning' : 'idle-alert', atMs, podId })
  }
  const actions = scene.runpod.requests.filter(({ action }) => action !== undefined)
  const noted = recordedEvents.filter(({ kind }) => kind === 'stop').length
  for (const { action = '', podId = '', at } of actions.slice(noted))
    recordedEvents.push({ kind: 'stop', atMs: at, podId, action })
}

function formatEvent({ atMs, kind, ...others }: AppEvent): string {
  return `${new Date(atMs).toISOString()} ${kind} ${Object.values(others).join(' ')}`
}

import type { Settings } from '../../src/core/settings/settings'
import type { Snapshot } from '../../src/core/view/snapshot'
import type { Figure } from '../figure'
import { Notifications } from '../../test/harness/app/notifications'
import { openScene, type Scene } from '../../test/harness/app/scene'
import { pause, until } from '../../test/harness/app/waiting'
import { type AppVerdict, type Happening, judgeApp } from './app-judge'
import { type AppPod, type AppScript, GAP_MS, type Trouble, writeAppScript } from './app-script'
import { RuleBroken } from './lives'

const ACCOUNTS = 10
export const appSettings = {
  idleAlertAfterMin: 0.05,
  autoStopAfterMin: 0.2,
  autoStopFirstWarningMin: 0.1,
  autoStopLastWarningMin: 0.05,
  gapMin: GAP_MS / 60_000,
} as const satisfies Partial<Settings>
const SEE_EVERY_MS = 200

/** 80 pod lives through the real app, over HTTP against the simulator, told of by the real notification daemon. */
export async function appLifeFigures(): Promise<readonly Figure[]> {
  const total = new Map<string, number>()
  const add = (name: string, count: number): void => void total.set(name, (total.get(name) ?? 0) + count)
  for (let seed = 1; seed <= ACCOUNTS; seed += 1) {
    const { pods, happenings, verdict } = await liveInApp(seed)
    if (verdict.broken.length > 0)
      throw new RuleBroken(
        [`App life of seed ${seed}:`, ...verdict.broken, ...happenings.map(inWords)].join('\n  '),
      )
    const count = (kind: Happening['kind']): number => happenings.filter((one) => one.kind === kind).length
    add('pod lives through the real app without a broken rule', pods.length)
    add('automatic stops by the real app that had to come', verdict.stopsDue)
    add('of them at maximum hours', verdict.overHours)
    add('automatic stops by the real app', count('stop'))
    add('warnings by the real app', count('warning'))
    add('pods that the real app said to be idle', verdict.told)
    add('pods that idled long enough in the real app and must not be stopped', verdict.spared)
    add('pods that the real app had warned of and that worked again', verdict.calledOff)
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

interface AppLife {
  readonly pods: readonly AppPod[]
  readonly happenings: readonly Happening[]
  readonly verdict: AppVerdict
}

/** Lives the account of a seed in the real app. */
export async function liveInApp(seed: number): Promise<AppLife> {
  const script = writeAppScript(seed)
  const { pods } = script
  const notifications = await Notifications.listen()
  await notifications.closeAll()
  const happenings: Happening[] = []
  const note = (kind: 'born' | 'begin' | 'end'): void => void happenings.push({ kind, atMs: Date.now() })
  note('born')
  const scene = await openScene({ pods: pods.map(({ spec }) => spec), settings: appSettings })
  const watch = setInterval(() => see(scene, notifications, pods, happenings), SEE_EVERY_MS)
  try {
    await begin(scene, pods)
    note('begin')
    await happen(scene, script, happenings)
    see(scene, notifications, pods, happenings)
    note('end')
    happenings.sort((a, b) => a.atMs - b.atMs)
    return { pods, happenings, verdict: judgeApp(pods, happenings) }
  } finally {
    clearInterval(watch)
    await scene.close()
    notifications.disconnect()
  }
}

/** Connects, and tells the guard what its owner wants. */
async function begin(scene: Scene, pods: readonly AppPod[]): Promise<void> {
  await scene.pasteKey()
  await until('the pods', async () => (await scene.page.getByRole('article').count()) === pods.length)
  for (const { spec, quirk, maxHours } of pods) {
    const id = JSON.stringify(spec.id)
    if (quirk === 'unticked') await ask(scene, `changePodRules(${id}, { isAutoStopped: false })`)
    if (quirk === 'kept-on') await ask(scene, `keepOn(${id}, "until-told")`)
    if (maxHours !== null) await ask(scene, `changePodRules(${id}, { maxHours: ${maxHours} })`)
  }
  await ask(scene, 'setAutoStop("all")')
}

/** Over the bridge, as a window asks. */
async function ask<T>(scene: Scene, request: string): Promise<T> {
  const answer = await scene.page.evaluate<{ ok: boolean; value: T }>(`window.app.${request}`)
  if (!answer.ok) throw new Error(`${request}: ${JSON.stringify(answer)}`)
  return answer.value
}

/** All that befalls the account, each thing at its time. */
async function happen(scene: Scene, script: AppScript, happenings: Happening[]): Promise<void> {
  const startedAtMs = Date.now()
  const events = [
    ...script.troubles.map((one) => ({ afterMs: one.afterMs, run: () => trouble(scene, one, happenings) })),
    ...script.pods.flatMap(({ spec: { id = '' }, modes, undoneAfterMs }) => [
      ...modes.map(({ afterMs, mode }) => ({
        afterMs,
        async run() {
          if (scene.runpod.pod(id)['status'] !== 'RUNNING') return
          scene.runpod.setPod(id, { mode })
          happenings.push({ kind: 'mode', atMs: Date.now(), podId: id, mode })
        },
      })),
      ...(undoneAfterMs === null
        ? []
        : [{ afterMs: undoneAfterMs, run: () => stopAndUndo(scene, id, happenings) }]),
    ]),
  ].sort((a, b) => a.afterMs - b.afterMs)
  for (const { afterMs, run } of events) {
    await pause(Math.max(0, startedAtMs + afterMs - Date.now()))
    await run()
  }
  const lastMs = Math.max(
    0,
    ...happenings.filter(({ kind }) => TROUBLE_ENDS.has(kind)).map(({ atMs }) => atMs),
  )
  const endMs = Math.max(startedAtMs + script.lifeMs, lastMs + AFTER_TROUBLE_MS)
  await pause(Math.max(0, endMs - Date.now()))
}

/** A stop that was due needs as long from the end of a trouble on, however long that took. */
const AFTER_TROUBLE_MS = 28_000
const TROUBLE_ENDS: ReadonlySet<Happening['kind']> = new Set(['restarted', 'wake', 'fault'])

async function trouble(scene: Scene, one: Trouble, happenings: Happening[]): Promise<void> {
  const note = (kind: 'kill' | 'restarted' | 'fault' | 'sleep' | 'wake'): void =>
    void happenings.push({ kind, atMs: Date.now() })
  switch (one.kind) {
    case 'outage':
      scene.runpod.fault({ kind: one.how, count: one.count, retryAfterS: 2 })
      note('fault')
      return
    case 'sleep':
      note('sleep')
      await scene.running.app.evaluate(({ powerMonitor }) => powerMonitor.emit('suspend'))
      await pause(one.forMs)
      note('wake')
      await scene.running.app.evaluate(({ powerMonitor }) => powerMonitor.emit('resume'))
      return
    case 'kill':
      note('kill')
      await scene.crashAndRestart()
      await scene.pasteKey()
      await scene.page.getByRole('article').first().waitFor()
      note('restarted')
  }
}

/** A person stops a pod, and takes it back at once. */
async function stopAndUndo(scene: Scene, podId: string, happenings: Happening[]): Promise<void> {
  await ask(scene, `stopPod(${JSON.stringify(podId)})`)
  const { pods } = await ask<Snapshot>(scene, 'snapshot()')
  const intent = pods.find(({ id }) => id === podId)?.intent ?? null
  if (intent === null) throw new Error(`The stop of ${podId} is not in the picture.`)
  await ask(scene, `undo(${JSON.stringify(intent.id)})`)
  happenings.push({ kind: 'undone', atMs: Date.now(), podId })
}

/** Notes what the daemon and the simulator were told since the last time. */
function see(
  scene: Scene,
  notifications: Notifications,
  pods: readonly AppPod[],
  happenings: Happening[],
): void {
  const seen = happenings.filter(
    ({ kind }) => kind === 'warning' || kind === 'idle-alert' || kind === 'other-alert',
  ).length
  for (const { title, body } of notifications.heard().slice(seen)) {
    const atMs = Date.now()
    const [, name, what] = /^(pod-\d+) (will be stopped in|is idle for)/.exec(title) ?? []
    const podId = pods.find(({ spec }) => spec.name === name)?.spec.id ?? ''
    if (what === undefined) happenings.push({ kind: 'other-alert', atMs, words: `${title}. ${body}` })
    else happenings.push({ kind: what.startsWith('will') ? 'warning' : 'idle-alert', atMs, podId })
  }
  const actions = scene.runpod.requests.filter(({ action }) => action !== undefined)
  const noted = happenings.filter(({ kind }) => kind === 'stop').length
  for (const { action = '', podId = '', at } of actions.slice(noted))
    happenings.push({ kind: 'stop', atMs: at, podId, action })
}

function inWords({ atMs, kind, ...others }: Happening): string {
  return `${new Date(atMs).toISOString()} ${kind} ${Object.values(others).join(' ')}`
}

import type { Settings } from '../../src/core/settings'
import type { PodSpec, RunMode } from '../../src/simulator/pod-spec'
import type { Figure } from '../figure'
import { Notifications } from '../../test/e2e/harness/notifications'
import type { Scene } from '../../test/e2e/harness/scene'
import { openScene } from '../../test/e2e/harness/scene'
import { pause, until } from '../../test/e2e/harness/waiting'
import type { AppPod, Happening } from './app-judge'
import { judgeApp } from './app-judge'
import type { Chance } from '../chance'
import { createChance } from '../chance'
import { RuleBroken } from './lives'

const ACCOUNTS = 5
const PODS = 10
/** Half a day in half a minute. */
const LIFE_MS = 30_000
export const appSettings = {
  idleAlertAfterMin: 0.05,
  autoStopAfterMin: 0.2,
  autoStopFirstWarningMin: 0.1,
  autoStopLastWarningMin: 0.05,
} as const satisfies Partial<Settings>
const SEE_EVERY_MS = 200

/** 50 pod lives through the real app, over HTTP against the simulator, told of by the real notification daemon. */
export async function appLifeFigures(): Promise<readonly Figure[]> {
  const total = { pods: 0, stops: 0, warnings: 0, idleAlerts: 0, kills: 0 }
  for (let seed = 1; seed <= ACCOUNTS; seed += 1) {
    const { pods, happenings } = await liveInApp(seed)
    const broken = judgeApp(pods, happenings)
    if (broken.length > 0)
      throw new RuleBroken([`App life of seed ${seed}:`, ...broken, ...happenings.map(inWords)].join('\n  '))
    const count = (kind: Happening['kind']): number => happenings.filter((one) => one.kind === kind).length
    total.pods += pods.length
    total.stops += count('stop')
    total.warnings += count('warning')
    total.idleAlerts += count('idle-alert')
    total.kills += count('kill')
  }
  const figure = (name: string, value: number): Figure => ({
    group: 'guard',
    name,
    unit: '',
    value,
    spread: null,
    baseline: null,
    beside: null,
    goal: null,
  })
  return [
    figure('pod lives through the real app without a broken rule', total.pods),
    figure('automatic stops by the real app', total.stops),
    figure('warnings by the real app', total.warnings),
    figure('idle alerts by the real app', total.idleAlerts),
    figure('kills of the real app', total.kills),
  ]
}

async function liveInApp(
  seed: number,
): Promise<{ readonly pods: readonly AppPod[]; readonly happenings: readonly Happening[] }> {
  const chance = createChance(seed)
  const pods = Array.from({ length: PODS }, (_, at) => writePod(at, chance))
  const notifications = await Notifications.listen()
  await notifications.closeAll()
  const scene = await openScene({ pods: pods.map(({ spec }) => spec), settings: appSettings })
  const happenings: Happening[] = []
  try {
    await begin(scene, pods)
    const startedAtMs = Date.now()
    const killAtMs = chance.is(0.5) ? startedAtMs + chance.between(5_000, LIFE_MS * 0.4) : Infinity
    const faultAtMs = startedAtMs + chance.between(3_000, LIFE_MS)
    const turns = pods.flatMap(({ spec: { id = '' }, modes }) =>
      modes.map(({ afterMs, mode }) => ({ atMs: startedAtMs + afterMs, id, mode })),
    )
    const done = new Set<unknown>()
    const once = (what: unknown, atMs: number, act: () => void): void => {
      if (done.has(what) || Date.now() < atMs) return
      done.add(what)
      act()
    }
    while (Date.now() < startedAtMs + LIFE_MS) {
      for (const turn of turns)
        once(turn, turn.atMs, () => {
          if (scene.runpod.pod(turn.id)['status'] !== 'RUNNING') return
          scene.runpod.setPod(turn.id, { mode: turn.mode })
          happenings.push({ kind: 'mode', atMs: Date.now(), podId: turn.id, mode: turn.mode })
        })
      once('fault', faultAtMs, () => {
        scene.runpod.fault({
          kind: chance.pick(['hang', 'server-error', 'rate-limited', 'reset-before']),
          count: 3,
          retryAfterS: 2,
        })
        happenings.push({ kind: 'fault', atMs: Date.now() })
      })
      see(scene, notifications, pods, happenings)
      if (Date.now() >= killAtMs && !done.has('kill')) {
        done.add('kill')
        happenings.push({ kind: 'kill', atMs: Date.now() })
        await scene.crashAndRestart()
        await scene.pasteKey()
        await scene.page.getByRole('article').first().waitFor()
      }
      await pause(SEE_EVERY_MS)
    }
    see(scene, notifications, pods, happenings)
    happenings.push({ kind: 'end', atMs: Date.now() })
    return { pods, happenings: happenings.sort((a, b) => a.atMs - b.atMs) }
  } finally {
    await scene.close()
    notifications.disconnect()
  }
}

/** Connects, and tells the guard what its owner wants. */
async function begin(scene: Scene, pods: readonly AppPod[]): Promise<void> {
  await scene.pasteKey()
  await until('the pods', async () => (await scene.page.getByRole('article').count()) === pods.length)
  const ask = async (request: string): Promise<void> => {
    const answer = await scene.page.evaluate<{ ok: boolean }>(`window.app.${request}`)
    if (!answer.ok) throw new Error(`${request}: ${JSON.stringify(answer)}`)
  }
  await ask('setAutoStop("all")')
  for (const { spec, isTicked, isKeptOn } of pods) {
    if (!isTicked) await ask(`changePodRules(${JSON.stringify(spec.id)}, { isAutoStopped: false })`)
    if (isKeptOn) await ask(`keepOn(${JSON.stringify(spec.id)}, "until-told")`)
  }
}

function writePod(at: number, chance: Chance): AppPod {
  const id = `p${at}`
  const quirk = chance.pick([
    'none',
    'none',
    'none',
    'none',
    'locked',
    'cluster',
    'no-volume',
    'unticked',
    'kept-on',
  ])
  const modes: { afterMs: number; mode: RunMode }[] = []
  for (
    let afterMs = chance.between(2_000, 20_000);
    afterMs < LIFE_MS;
    afterMs += chance.between(5_000, 25_000)
  )
    modes.push({
      afterMs,
      mode: chance.is(0.5) ? 'idle' : chance.pick(['training', 'data-loading', 'telemetry-missing']),
    })
  const spec: PodSpec = {
    id,
    name: `pod-${at}`,
    gpu: { id: 'NVIDIA GeForce RTX 4090', count: 1, vcpuCount: 16 },
    mode: chance.is(0.7) ? 'idle' : 'training',
    persistent: quirk === 'no-volume' ? null : { sizeGb: 20, path: '/workspace' },
    network: null,
    locked: quirk === 'locked',
    cluster: quirk === 'cluster' ? { id: 'c', rank: 0 } : null,
  }
  return {
    spec,
    modes: chance.is(0.4) ? [] : modes,
    isTicked: quirk !== 'unticked',
    isKeptOn: quirk === 'kept-on',
  }
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

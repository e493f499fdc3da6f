import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import type { ApiFault } from '../../../bench/podguard/pod-day'
import { startFakeRunpod } from '../../../bench/podguard/fake-runpod'
import type { Result } from '../../../src/core/base/result'
import type { GuardReport } from '../../../src/core/pod-guard/guard-report'
import { GUARD_VERSION, guardScript } from '../../../src/core/pod-guard/guard-script'
import type { GuardInstallation } from '../../../src/core/pod-guard/guard-scripts'
import { createPodGuardHost } from '../../../src/ssh/run/pod-guard-host'
import { laptop, server } from '../../harness/guard/guard-report'
import { tempFolder } from '../../harness/ssh/openssh-for-test'
import { hasBusybox, hasContainers, type JobPodOptions, startJobPod } from '../../harness/queue/job-pod'

// Real shells and servers, on a machine that may be busy.
vi.setConfig({ testTimeout: 180_000 })

const KEY = 'rpa_of_this_pod_alone'
/** Its guard has a folder of this name in the computer's memory, which another run of the tests has, too. */
const POD_ID = `p${process.pid}`

async function startPod(options: JobPodOptions = {}) {
  const runpod = await startFakeRunpod()
  onTestFinished(() => runpod.close())
  let stops = 0
  const served = {
    key: KEY,
    fault: null as ApiFault | null,
    offenses: [] as string[],
    requests: 0,
    onStop: () => void (stops += 1),
  }
  runpod.pods.set(POD_ID, served)
  // Not as an argument, where a guard must not have it either.
  const keyFile = join(tempFolder('key'), 'key')
  writeFileSync(keyFile, KEY)
  const pod = await startJobPod({
    id: POD_ID,
    // A guard that finds no room on the volume goes to /root. Terminals of this computer are none of the pod's.
    containerSetup: `mount -t tmpfs tmpfs /root; mount -t tmpfs tmpfs /dev/pts; export RUNPOD_API_KEY=$(cat ${keyFile}) RUNPOD_POD_ID=${POD_ID}`,
    ...options,
  })
  const host = createPodGuardHost('a', pod.ssh.runCommand, () => laptop)
  onTestFinished(async () => void (await host.remove(pod.pod)))
  const plan: GuardInstallation = {
    // Each second instead of each minute.
    guard: (guardScript(runpod.apiBase) ?? '').replace(/^every=60 /m, 'every=1 '),
    settings: `3600 0 0 5 yes ${pod.volumeOnPod}/.podkeeper/jobs`,
    deadlineS: 0,
    keepS: 0,
    isFresh: false,
    takesLease: false,
  }
  return {
    host,
    /** Of another computer. */
    other: createPodGuardHost('a', pod.ssh.runCommand, () => server),
    pod: pod.pod,
    plan,
    served,
    container: pod,
    folder: join(pod.volume, '.podkeeper/guard', POD_ID),
    stops: () => stops,
    /** Until not a byte more can be written. */
    fillVolume: () =>
      expect(() => writeFileSync(join(pod.volume, 'filler'), Buffer.alloc(1_048_576))).toThrow('ENOSPC'),
    remountVolume: (how: 'ro' | 'rw') => void execFileSync('mount', ['-o', `remount,${how}`, pod.volume]),
    read: async () => statusOf(await host.read(pod.pod, false)),
  }
}

function reportOf(reply: Result<GuardReport | 'absent', string>): GuardReport {
  if (!reply.ok) throw new Error(reply.error)
  if (reply.value === 'absent') throw new Error('absent')
  return reply.value
}

const statusOf = (reply: Result<GuardReport | 'absent', string>) => reportOf(reply).status

describe.runIf(hasContainers).each(['direct', 'proxy'] as const)(
  'a guard in a pod by the %s route',
  (route) => {
    it('is installed, armed by reading its pod, kept, given a deadline, asked to stop, and removed', async () => {
      const { host, pod, plan, served, stops, folder, read } = await startPod({ route })
      expect(await host.read(pod, false)).toEqual({ ok: true, value: 'absent' })
      const installed = reportOf(await host.install(pod, plan))
      expect(installed).toMatchObject({ isAlive: true, settings: plan.settings, previous: null })
      await expect.poll(read).toMatchObject({ isArmed: true, answer: '200', idleLimitS: 3_600, hold: null })
      const { pid } = ownerOf(folder)
      expect(reportOf(await host.install(pod, { ...plan, settings: `7200 0 0 5 yes /x` })).isAlive).toBe(true)
      expect(ownerOf(folder).pid).toBe(pid)
      await expect.poll(read).toMatchObject({ idleLimitS: 7_200 })
      expect(stops()).toBe(0)

      const { nowS } = reportOf(await host.change(pod, 'deadline', 5_000))
      await expect.poll(async () => (await read())?.deadlineS).toBeGreaterThan(nowS + 4_990)
      await host.change(pod, 'deadline', 0)
      await expect.poll(read).toMatchObject({ deadlineS: null })
      await host.change(pod, 'keep', 3_600)
      await expect.poll(read).toMatchObject({ hold: 'keep' })
      await host.change(pod, 'keep', 0)
      await host.read(pod, true)
      await expect.poll(read).toMatchObject({ hold: 'lease' })

      await host.change(pod, 'stop-now', 600)
      await expect.poll(stops).toBe(1)
      await expect.poll(read).toMatchObject({ stopping: { cause: 'asked', answer: '200', count: 1 } })
      expect(served.offenses).toEqual([])
      expect(await host.remove(pod)).toEqual({ ok: true, value: undefined })
      expect(existsSync(folder)).toBe(false)
      expect(await host.read(pod, false)).toEqual({ ok: true, value: 'absent' })
      await expect.poll(() => processesOf(folder)).toEqual([])
    })
  },
)

describe.runIf(hasContainers)('a guard in a pod', () => {
  it('is gone after a restart, and tells the next one what the last run ended with', async () => {
    const { host, pod, plan, container, stops } = await startPod()
    await host.install(pod, plan)
    await host.change(pod, 'stop-now', 600)
    await expect.poll(stops).toBe(1)
    await container.restart()
    expect(reportOf(await host.read(pod, false))).toMatchObject({
      isAlive: false,
      status: null,
      previous: { stopping: { cause: 'asked' } },
    })
    const again = reportOf(await host.install(pod, plan))
    expect(again).toMatchObject({ isAlive: true, previous: { stopping: { cause: 'asked' } } })
    // What was asked for in another run is not asked for in this one.
    await expect
      .poll(async () => statusOf(await host.read(pod, false)))
      .toMatchObject({ isArmed: true, stopping: null })
    expect(stops()).toBe(1)
  })

  it('is started anew after it was killed, and another script takes its place', async () => {
    const { host, pod, plan, folder } = await startPod()
    await host.install(pod, plan)
    const first = ownerOf(folder)
    killGuard(folder)
    await expect.poll(async () => reportOf(await host.read(pod, false)).isAlive).toBe(false)
    expect(reportOf(await host.install(pod, plan)).isAlive).toBe(true)
    expect(ownerOf(folder).pid).not.toBe(first.pid)
    const second = ownerOf(folder)
    await host.install(pod, { ...plan, guard: `${plan.guard}# Another.\n` })
    expect(ownerOf(folder).pid).not.toBe(second.pid)
    expect(readFileSync(join(folder, 'guard.sh'), 'utf8')).toContain('# Another.')
  })

  it('has what two computers set in it, of which each changes only its own, and goes with the last one', async () => {
    const { host, other, pod, plan, folder, read } = await startPod()
    await host.install(pod, { ...plan, deadlineS: 5_000 })
    const both = reportOf(await other.install(pod, { ...plan, deadlineS: 9_000, keepS: 3_600 }))
    expect(both.computers).toMatchObject([
      { ...laptop, idleLimitS: 3_600, mayStop: true, keptUntilS: null },
      { ...server, idleLimitS: 3_600, mayStop: true },
    ])
    const [own, others] = both.computers
    expect((others?.deadlineS ?? 0) - (own?.deadlineS ?? 0)).toBeGreaterThan(3_900)
    await expect.poll(read).toMatchObject({ hold: 'keep', deadlineS: own?.deadlineS })
    // The server has no maximum hours any more, and doesn't keep it running.
    await other.change(pod, 'deadline', 0)
    await other.change(pod, 'keep', 0)
    await expect.poll(read).toMatchObject({ hold: null, deadlineS: own?.deadlineS })
    // A lease is that of one computer.
    await host.read(pod, true)
    await expect.poll(read).toMatchObject({ hold: null })
    await other.read(pod, true)
    await expect.poll(read).toMatchObject({ hold: 'lease' })
    const { pid } = ownerOf(folder)
    expect(await other.remove(pod)).toEqual({ ok: true, value: undefined })
    expect(ownerOf(folder).pid).toBe(pid)
    expect(reportOf(await other.read(pod, false))).toMatchObject({
      isAlive: true,
      settings: null,
      computers: [laptop],
    })
    const forgotten = reportOf(await other.forget(pod, laptop.id))
    expect(forgotten.computers).toEqual([])
    await host.install(pod, plan)
    expect(await host.remove(pod)).toEqual({ ok: true, value: undefined })
    expect(existsSync(folder)).toBe(false)
  })

  // That it goes on with what the older one counted is shown by days in a shell: here the whole computer is busy.
  it('takes the place of an older one, and is never replaced by it', async () => {
    const { host, other, pod, plan, folder } = await startPod()
    const { guard } = plan
    const newer = { ...plan, guard: guard.replace(/^version=\d+$/m, `version=${GUARD_VERSION + 1}`) }
    await host.install(pod, plan)
    const upgraded = reportOf(await other.install(pod, newer))
    expect(upgraded.status?.version).toBe(GUARD_VERSION + 1)
    const { pid } = ownerOf(folder)
    const kept = reportOf(await host.install(pod, { ...plan, settings: '7200 0 0 5 yes /x', isFresh: true }))
    expect(ownerOf(folder).pid).toBe(pid)
    expect(kept).toMatchObject({ settings: '7200 0 0 5 yes /x', computers: [{ idleLimitS: 7_200 }, server] })
    // One that doesn't run is started, and not replaced.
    killGuard(folder)
    await expect.poll(async () => reportOf(await host.read(pod, false)).isAlive).toBe(false)
    expect(reportOf(await host.install(pod, plan))).toMatchObject({
      isAlive: true,
      status: { version: GUARD_VERSION + 1 },
    })
  })

  it('goes where there is room on a full disk, and is found there', async () => {
    const { host, pod, plan, folder } = await startPod({ volumeBytes: 8_192 })
    const installed = reportOf(await host.install(pod, plan))
    expect(installed.isAlive).toBe(true)
    expect(existsSync(join(folder, 'guard.sh'))).toBe(false)
    await expect.poll(async () => statusOf(await host.read(pod, false))).toMatchObject({ isArmed: true })
  })

  it('follows its instructions on a disk that is full since it was installed, and stays where it is', async () => {
    const { host, pod, plan, folder, fillVolume, read } = await startPod({ volumeBytes: 262_144 })
    await host.install(pod, plan)
    const { pid } = ownerOf(folder)
    fillVolume()
    expect(await host.change(pod, 'keep', 3_600)).toMatchObject({ ok: true })
    await expect.poll(read).toMatchObject({ hold: 'keep' })
    expect(reportOf(await host.install(pod, { ...plan, settings: '7200 0 0 5 yes /x' })).isAlive).toBe(true)
    await expect.poll(read).toMatchObject({ idleLimitS: 7_200, hold: null })
    expect(ownerOf(folder).pid).toBe(pid)
  })

  it('is found where it runs, and the one that it takes the place of ends', async () => {
    const { host, pod, plan, folder, remountVolume } = await startPod({ volumeBytes: 262_144 })
    await host.install(pod, plan)
    killGuard(folder)
    await expect.poll(async () => reportOf(await host.read(pod, false)).isAlive).toBe(false)
    remountVolume('ro')
    await host.install(pod, plan)
    const elsewhere = `/root/.podkeeper/guard/${POD_ID}`
    expect(processesOf(elsewhere)).not.toEqual([])
    expect(reportOf(await host.read(pod, false)).isAlive).toBe(true)
    remountVolume('rw')
    expect(reportOf(await host.install(pod, plan)).isAlive).toBe(true)
    await expect.poll(() => processesOf(elsewhere)).toEqual([])
    expect(processesOf(folder)).not.toEqual([])
  })

  it.runIf(hasBusybox)('is not armed where nothing can reach Runpod, and says so', async () => {
    const { host, pod, plan, stops } = await startPod({
      shell: 'busybox',
      containerSetup: `export RUNPOD_API_KEY=${KEY} RUNPOD_POD_ID=${POD_ID}`,
    })
    await host.install(pod, { ...plan, deadlineS: 1 })
    await expect
      .poll(async () => statusOf(await host.read(pod, false)))
      .toMatchObject({ isArmed: false, answer: 'no-program', hold: 'unarmed' })
    expect(stops()).toBe(0)
  })

  it('that was refused tries again only after a while, or at once when it is asked to', async () => {
    const { host, pod, plan, served, read } = await startPod()
    served.fault = 403
    await host.install(pod, plan)
    await expect.poll(read).toMatchObject({ isArmed: false, answer: '403', hold: 'unarmed' })
    served.fault = null
    const { nowS } = reportOf(await host.read(pod, false))
    await expect.poll(async () => (await read())?.beatS).toBeGreaterThan(nowS + 1)
    expect(served.requests).toBe(1)
    await host.change(pod, 'check', 0)
    await expect.poll(read).toMatchObject({ isArmed: true, answer: '200' })
  })

  it('is not armed without a key, or with that of another pod', async () => {
    const none = await startPod({ containerSetup: 'unset RUNPOD_API_KEY' })
    await none.host.install(none.pod, none.plan)
    await expect.poll(none.read).toMatchObject({ isArmed: false, answer: 'no-key', hold: 'unarmed' })
    const other = await startPod({ containerSetup: `export RUNPOD_API_KEY=${KEY} RUNPOD_POD_ID=q` })
    await other.host.install(other.pod, other.plan)
    await expect.poll(other.read).toMatchObject({ isArmed: false, answer: 'other-pod' })
  })
})

/** As this computer counts them. */
const processesOf = (folder: string): readonly number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      try {
        return readFileSync(`/proc/${name}/cmdline`, 'utf8').includes(`${folder}/guard.sh`)
      } catch {
        return false
      }
    })
    .map(Number)

function killGuard(folder: string): void {
  for (const pid of processesOf(folder))
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      // One of its short subshells, which has ended on its own.
    }
}

function ownerOf(folder: string): { readonly pid: string } {
  return { pid: readFileSync(join(folder, 'owner'), 'utf8').split(' ')[0] ?? '' }
}

import { mkdirSync, rmSync, utimesSync, writeFileSync, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { PodDay, Span, Work } from './pod-day'

const START_TICK = 4_200
const BOOT = '0f3ad7c0-5b1e-4f57-9d55-8f6f5bb6a001'
const UP_AT_START_S = 1_000_000
const WALL_AT_START_S = 1_790_000_000

/** What each kind of work adds per second: CPU in 1/100 s, bytes of files, bytes of the network. */
const rates: Readonly<Record<Work, readonly [cpu: number, disk: number, network: number]>> = {
  gpu: [4, 20_000, 1_000],
  cpu: [60, 20_000, 1_000],
  disk: [4, 3_000_000, 1_000],
  network: [4, 20_000, 3_000_000],
  job: [0, 0, 0],
  input: [1, 2_000, 1_000],
  memory: [2, 20_000, 1_000],
  'gpu-memory': [2, 20_000, 1_000],
  hidden: [0, 0, 0],
}
const restRates = [1, 20_000, 10_000] as const

/** The files that a guard reads, in a folder that stands for the root of the pod. */
export interface FakePod {
  readonly root: string
  readonly folder: string
  /** The run of the container, as in the files of the guard. */
  readonly run: string
  /** A process is gone. */
  endProcess(pid: number): void
  /** Brings the files from the last moment to this one, in seconds since the start. */
  advance(toS: number, guardPid: number): void
  /** Seconds since the machine started, as the pod shows them. */
  upAt(tS: number): number
  writeTime(name: string, untilUpS: number, extra?: string): void
  /** Leaves what a guard wrote in an earlier run of the container. */
  writeEarlierHold(hold: NonNullable<PodDay['earlierHold']>): void
  takeConsent(): void
}

/** The computers that look after the pod. */
export const THIS_COMPUTER = '00000000000000aa'
export const OTHER_COMPUTER = '00000000000000bb'

/** The terminal of a session beside those that are open all day. */
export const SESSION_TERMINAL = 9

const isOn = <T>(spans: readonly Span<T>[], tS: number, kind?: T): boolean =>
  spans.some((span) => span.fromS <= tS && tS < span.toS && (kind === undefined || span.kind === kind))

const overlapS = ({ fromS, toS }: Span<unknown>, from: number, to: number): number =>
  Math.max(0, Math.min(toS, to) - Math.max(fromS, from))

/** Differs from one reading to the next. */
const isOdd = (tS: number): boolean => Math.floor(tS / 61) % 2 === 1

export function createFakePod(root: string, podId: string, key: string, day: PodDay): FakePod {
  const at = (path: string): string => join(root, path)
  const folder = at(`workspace/.podkeeper/guard/${podId}`)
  const jobs = at('workspace/.podkeeper/jobs')
  const run = `${BOOT}:${START_TICK}`
  for (const name of [
    'proc/1',
    'proc/50',
    'proc/60/io',
    'proc/sys/kernel/random',
    'proc/net',
    'dev/shm',
    'bin',
  ])
    mkdirSync(at(name), { recursive: true })
  mkdirSync(folder, { recursive: true })
  mkdirSync(join(jobs, 'old'), { recursive: true })
  writeFileSync(join(jobs, 'old/pid'), `50 1 another:1 1 1\n50 1\n`)
  writeFileSync(at('proc/sys/kernel/random/boot_id'), `${BOOT}\n`)
  writeFileSync(
    at('proc/1/environ'),
    [
      'PATH=/bin',
      'NOTE=two\nRUNPOD_API_KEY=wrong',
      `RUNPOD_POD_ID=${podId}`,
      `RUNPOD_API_KEY=${key}`,
      '',
    ].join('\0'),
  )
  writeFileSync(at('bin/nvidia-smi'), fakeNvidiaSmi(root), { mode: 0o755 })
  const writeSettings = (name: string, idleLimitS: number, maxS: number, hasConsent: boolean): void =>
    writeFileSync(
      join(folder, name),
      `${idleLimitS} ${maxS} ${day.gpus} 5 ${hasConsent ? 'yes' : 'no'} ${jobs}\n`,
    )
  writeSettings(`settings.${THIS_COMPUTER}`, day.idleLimitS, day.maxS, day.hasConsent)
  if (day.other !== null)
    writeSettings(`settings.${OTHER_COMPUTER}`, day.other.idleLimitS, 0, day.other.hasConsent)

  let [cpu, disk, network, hiddenTicks] = [0, 0, 0, 0]
  let nowS = 0
  const written = new Map<string, string>()
  /** Writes what changed. */
  function put(path: string, text: string): void {
    if (written.get(path) === text) return
    writeFileSync(at(path), text)
    written.set(path, text)
  }
  function remove(path: string): void {
    rmSync(at(path), { recursive: true, force: true })
    for (const each of written.keys()) if (each === path || each.startsWith(`${path}/`)) written.delete(each)
  }
  const pty = (index: number): string => at(`dev/pts/${index}`)

  const sumOf = (jumps: readonly { atS: number; byS: number }[], tS: number): number =>
    jumps.filter(({ atS }) => atS <= tS).reduce((sum, { byS }) => sum + byS, 0)
  const upAt = (tS: number): number => Math.floor(UP_AT_START_S + tS + sumOf(day.uptimeJumps, tS))
  const wallAt = (tS: number): number => WALL_AT_START_S + tS + sumOf(day.wallJumps, tS)

  function openTerminals(): void {
    if (!existsSync(at('dev/pts'))) {
      mkdirSync(at('dev/pts'))
      writeFileSync(at('dev/pts/ptmx'), '')
    }
    for (let index = 0; index < day.terminals; index += 1) {
      if (!existsSync(pty(index))) writeFileSync(pty(index), '')
      utimesSync(pty(index), lastInputWallS(nowS), WALL_AT_START_S)
    }
    if (!isOn(day.sessions, nowS)) rmSync(pty(SESSION_TERMINAL), { force: true })
    else if (!existsSync(pty(SESSION_TERMINAL))) writeFileSync(pty(SESSION_TERMINAL), '')
  }

  /** The time of access stays what it was when it was written, whatever happens to the clock. */
  function lastInputWallS(tS: number): number {
    const last = day.work
      .filter(({ kind, fromS }) => kind === 'input' && fromS <= tS)
      .reduce((latest, { toS }) => Math.max(latest, Math.min(toS, tS)), -3_600)
    return wallAt(last)
  }

  function writeProcess(pid: number, ticks: number, startTick: number, pages: number): void {
    const middle = `S 1 ${pid} ${pid} 0 -1 4194560 0 0 0 0 ${ticks} 0 0 0 20 0 1 0 ${startTick}`
    if (!written.has(`proc/${pid}/stat`)) mkdirSync(at(`proc/${pid}`), { recursive: true })
    put(`proc/${pid}/stat`, `${pid} (a (b) c) ${middle} 1000000 ${pages} 0 0 0\n`)
  }

  function writeGpus(tS: number): void {
    const isBusy = isOn(day.work, tS, 'gpu')
    const filled = isOn(day.work, tS, 'gpu-memory') && isOdd(tS) ? 20_000 : 1_000
    const count = isOn(day.blind, tS, 'gpu-missing-one') ? day.gpus - 1 : day.gpus
    const lines = Array.from({ length: count }, (_, index) => {
      const used = isBusy && index === 0 ? 5 + ((tS * 7) % 95) : Math.floor(tS / 60) % 5
      return `${Math.floor(used)}, ${filled + (Math.floor(tS / 60) % 3)}, 46068`
    })
    if (isOn(day.blind, tS, 'gpu-garbage')) lines[0] = '[N/A], [Unknown Error], 46068'
    put('gpus', lines.map((line) => `${line}\n`).join(''))
    flag('gpu-fails', isOn(day.blind, tS, 'gpu-fails'))
    flag('hang', isOn(day.blind, tS, 'gpu-hangs'))
  }

  function flag(name: string, isSet: boolean): void {
    if (isSet) put(name, '')
    else if (written.has(name)) remove(name)
  }

  function writeJob(tS: number): void {
    const isRunning = isOn(day.work, tS, 'job')
    const job = join(jobs, 'job')
    if (isRunning) {
      mkdirSync(job, { recursive: true })
      rmSync(join(job, 'exit_code'), { force: true })
      writeFileSync(join(job, 'pid'), `70 7000 ${run} 1 1\n71 7100\n`)
      writeProcess(71, 0, 7_100, 10)
    } else if (written.has('proc/71/stat')) remove('proc/71')
  }

  return {
    root,
    folder,
    run,
    upAt,
    endProcess: (pid) => remove(`proc/${pid}`),
    takeConsent() {
      for (const id of [THIS_COMPUTER, ...(day.other === null ? [] : [OTHER_COMPUTER])])
        writeSettings(`settings.${id}`, day.idleLimitS, day.maxS, false)
    },
    writeTime: (name, untilUpS, extra = '-') =>
      writeFileSync(join(folder, name), `${run} ${Math.round(untilUpS)} ${extra}\n`),
    writeEarlierHold({ forS, leftS, isSameBoot }) {
      const earlier = `${isSameBoot ? BOOT : 'another'}:${START_TICK - 100}`
      // Of another boot, the clock says nothing here.
      const untilS = isSameBoot ? upAt(0) + leftS : 5_000
      writeFileSync(join(folder, 'keep'), `${earlier} ${untilS} ${forS}\n`)
      writeFileSync(join(folder, 'status'), `podkeeper-guard 3\nrun ${earlier}\nbeat ${untilS - leftS}\n`)
    },
    advance(toS, guardPid) {
      const [fromS, lengthS] = [nowS, toS - nowS]
      nowS = toS
      cpu += restRates[0] * lengthS
      disk += restRates[1] * lengthS
      network += restRates[2] * lengthS
      for (const span of day.work) {
        const s = overlapS(span, fromS, toS)
        const [ofCpu, ofDisk, ofNetwork] = rates[span.kind]
        cpu += ofCpu * s
        disk += ofDisk * s
        network += ofNetwork * s
        if (span.kind === 'hidden') hiddenTicks += 30 * s
      }
      put('proc/uptime', `${upAt(toS)}.25 ${upAt(toS) * 4}.00\n`)
      writeProcess(1, 20, START_TICK, 200)
      put('proc/1/io', 'rchar: 5\nwchar: 5\nsyscr: 999999999\nread_bytes: 0\nwrite_bytes: 0\n')
      const pages = isOn(day.work, toS, 'memory') && isOdd(toS) ? 900_000 : 200_000
      writeProcess(50, Math.floor(cpu), 5_000, pages + (Math.floor(toS / 60) % 7) * 300)
      put('proc/50/io', `rchar: ${Math.floor(disk)}\nwchar: 3\nread_bytes: 0\nwrite_bytes: 0\n`)
      // What another user runs: its bytes can't be read.
      writeProcess(60, Math.floor(hiddenTicks), 6_000, 100)
      if (guardPid > 0) writeProcess(guardPid, Math.floor(toS * 50), 9_000, 100_000 * (Math.floor(toS) % 2))
      if (isOn(day.blind, toS, 'network')) remove('proc/net/dev')
      else
        put(
          'proc/net/dev',
          `Inter-| Receive | Transmit\n face |bytes packets|bytes\n    lo: 9 0 0 0 0 0 0 0 9 0\n  tun0: 5\n  eth0:${Math.floor(network)} 0 0 0 0 0 0 0 77 0\n`,
        )
      if (isOn(day.blind, toS, 'process')) {
        mkdirSync(at('proc/80'), { recursive: true })
        put('proc/80/stat', '')
      } else if (written.has('proc/80/stat')) remove('proc/80')
      if (isOn(day.blind, toS, 'terminals')) rmSync(at('dev/pts'), { recursive: true, force: true })
      else openTerminals()
      writeGpus(toS)
      writeJob(toS)
      flag('full', isOn(day.fullDisk, toS))
    },
  }
}

function fakeNvidiaSmi(root: string): string {
  return `#!/bin/sh
while [ -e '${root}/hang' ]; do /bin/sleep 0.02; done
while IFS= read -r line; do echo "$line"; done <'${root}/gpus'
if [ -e '${root}/gpu-fails' ]; then exit 9; fi
`
}

/** What was written to a terminal. */
export const readTerminal = (root: string, index: number): string => {
  const path = join(root, `dev/pts/${index}`)
  return existsSync(path) ? readFileSync(path, 'utf8') : ''
}

import { uptimeS } from '../../world/container'
import { telemetryInputAt } from '../../world/reported-runtime'
import { findGpu } from '../../world/hosts/hardware'
import { between } from '../../world/seeded-random'
import type { PodRecord } from '../../world/pod-record'
import { PodLog } from '../../world/logs/pod-log'
import { telemetryAt } from '../../world/telemetry'
import type { World } from '../../world/world'
import { guardsOf } from './simulated-guards'
import { disksOf, type SimulatedDisk } from './disk-use'
import { type Disks, type Files, mountPathOf } from './files'

export interface SimulatedGpuReading {
  readonly index: number
  readonly name: string
  readonly utilPercent: number
  readonly memoryUtilPercent: number
  readonly memoryTotalMib: number
  readonly memoryUsedMib: number
  readonly powerW: number
  readonly powerLimitW: number
  readonly temperatureC: number
}

/** The values that a pod's tools show: the same as the API's at the same time. */
export interface MachineReading {
  readonly uptimeS: number
  readonly gpus: readonly SimulatedGpuReading[]
  readonly vcpuCount: number
  readonly cpuPercent: number
  readonly memoryPercent: number
  readonly memoryGb: number
}

/** A pod as seen from inside, during the lifetime of one container. */
export class Machine {
  readonly podId: string
  readonly #world: World
  readonly #disks: Disks
  readonly #container: number

  constructor(pod: PodRecord, world: World, disks: Disks) {
    this.podId = pod.id
    this.#container = pod.previousContainers
    this.#world = world
    this.#disks = disks
  }

  get containerKey(): string {
    return `${this.podId}/${this.#container}`
  }

  isSameContainer(other: Machine): boolean {
    return this.containerKey === other.containerKey
  }

  /** Null once the container is gone. */
  pod(): PodRecord | null {
    const pod = this.#world.record(this.podId)
    const isSame = pod !== null && pod.previousContainers === this.#container
    return isSame && uptimeS(pod, this.#world.nowMs()) !== null ? pod : null
  }

  get files(): Files | null {
    const pod = this.pod()
    return pod && this.#disks.filesOf(pod, { read: () => this.#log(pod) })
  }

  /** Null once the container is gone. */
  disks(): readonly SimulatedDisk[] | null {
    const [pod, files] = [this.pod(), this.files]
    return pod && files && disksOf(pod, files, this.#world)
  }

  get home(): string {
    const pod = this.pod()
    return pod === null ? '/' : mountPathOf(pod)
  }

  /** Unix ms, in API time. */
  dateMs(): number {
    return this.#world.time.toWallMs(this.#world.nowMs())
  }

  simulatedMs(): number {
    return this.#world.time.nowMs()
  }

  /** Real ms until this much simulated time has passed. */
  realMs(simulatedMs: number): number {
    return simulatedMs / this.#world.time.factor
  }

  /** What a script about the pod's guard prints. */
  runGuardScript(operation: string, value: (name: string) => string): string {
    return guardsOf(this.#world).run(this.podId, this.containerKey, operation, value)
  }

  reading(): MachineReading | null {
    const pod = this.pod()
    const input = pod && telemetryInputAt(pod, this.#world.seed, this.#world.nowMs())
    if (pod === null || input === null) return null
    const upS = input.uptimeS
    const { seed } = this.#world
    const { spec, id } = pod
    const figures = telemetryAt(input)
    const hardware = findGpu(spec.gpu?.id ?? '')
    const memoryTotalMib = (hardware?.memoryGb ?? 24) * 1_020
    const powerLimitW = hardware?.powerW ?? 300
    const wobble = (what: string, index: number) => between(-150, 150, seed, id, what, index, upS) / 100
    return {
      uptimeS: upS,
      gpus: (figures.gpus ?? []).map(({ util, memoryUtil }, index) => ({
        index,
        name: spec.gpu?.id ?? '',
        utilPercent: util,
        memoryUtilPercent: memoryUtil,
        memoryTotalMib,
        memoryUsedMib: Math.round((memoryTotalMib * memoryUtil) / 100),
        powerW: powerLimitW * (0.12 + (0.84 * util) / 100) + wobble('watts', index),
        powerLimitW,
        temperatureC: Math.round(31 + util * 0.34 + wobble('degrees', index)),
      })),
      vcpuCount: spec.gpu?.vcpuCount ?? spec.cpu.vcpuCount,
      cpuPercent: figures.cpu.util,
      memoryPercent: figures.memory.util,
      memoryGb: spec.gpu?.memory ?? spec.cpu.memory,
    }
  }

  /** Log lines after a time, and the current time; simulated ms. */
  logSince(afterMs: number): {
    readonly lines: readonly string[]
    readonly atMs: number
    readonly nextMs: number | null
  } {
    const atMs = this.#world.nowMs()
    const pod = this.pod()
    if (pod === null) return { lines: [], atMs, nextMs: null }
    const log = new PodLog(pod, this.#world.seed, 'container')
    return {
      lines: log.between(afterMs, atMs, 5_000).map(({ text }) => text),
      atMs,
      nextMs: log.nextMs(atMs),
    }
  }

  #log(pod: PodRecord): string {
    const lines = new PodLog(pod, this.#world.seed, 'container').between(0, this.#world.nowMs(), 5_000)
    return lines.map(({ text }) => `${text}\n`).join('')
  }
}

import { apiPod, type ApiPod, type View } from './api-pod'
import { Ledger } from '../ledger/ledger'
import { token } from './noise'
import { bookBirth, bookEnd, bookRun, bookStop } from './pod-charges'
import {
  areGpusTaken,
  bornAt,
  costPerHourUsd,
  patched,
  type PodAction,
  type PodRecord,
  restarted,
  started,
  statusAt,
  stopped,
  stoppedAtOnce,
} from './pod-life'
import type { PodPatch, PodSpec } from './pod-spec'
import type { SshAddresses } from './ssh-addresses'
import { SshKeys } from './ssh-keys'
import { Purse } from '../ledger/credit'
import type { VirtualTime } from './virtual-time'
import { Volumes, type VolumeSpec } from './volumes'

export interface WorldOptions {
  readonly seed: number
  readonly time: VirtualTime
  readonly balanceUsd: number
  readonly sshKeys?: readonly string[]
}

/** Why an action was not done: a status of the API and its words. */
export interface Refusal {
  readonly status: 400 | 402 | 409
  readonly detail: string
}

/**
 * The account: its pods, its volumes, its keys and its money, at any moment. Everything follows from what happened
 * and when; nothing ticks. Unknown ids throw; HTTP asks with `find` first.
 */
export class World {
  readonly seed: number
  readonly time: VirtualTime
  readonly ledger = new Ledger()
  readonly volumes = new Volumes(this.ledger)
  readonly keys: SshKeys
  /** Where pods answer by SSH, once they do. */
  ssh: SshAddresses | null = null
  #pods: readonly PodRecord[] = []
  #born = 0
  readonly #purse: Purse
  #isOutOfMoney = false
  readonly #listeners = new Set<() => void>()

  constructor({ seed, time, balanceUsd, sshKeys = [] }: WorldOptions) {
    this.keys = new SshKeys(sshKeys)
    this.seed = seed
    this.time = time
    this.#purse = new Purse(this.ledger, balanceUsd, time.nowMs())
  }

  /** Simulated ms, with everything done that was due by now. */
  nowMs(): number {
    const nowMs = this.time.nowMs()
    this.#heedBalance(nowMs)
    return nowMs
  }

  /** Newest first. */
  records(): readonly PodRecord[] {
    this.nowMs()
    return this.#pods
  }

  /** Pods as the API shows them. */
  shown(pods: readonly PodRecord[]): readonly ApiPod[] {
    const view = this.view()
    return pods.map((pod) => apiPod(pod, view))
  }

  find(id: string): ApiPod | null {
    const pod = this.record(id)
    return pod === null ? null : apiPod(pod, this.view())
  }

  record(id: string): PodRecord | null {
    this.nowMs()
    return this.#pods.find((each) => each.id === id) ?? null
  }

  /** Returns the new pod's id. A network volume that is not there yet is made with it. */
  add(spec: PodSpec): string {
    const nowMs = this.nowMs()
    const id = spec.id ?? token(14, this.seed, 'pod', this.#born)
    if (this.record(id) !== null) throw new Error(`there is a pod ${id} already`)
    const pod = bornAt(spec, id, this.#born, nowMs)
    this.#born += 1
    const volumeId = pod.spec.network?.volumeId
    if (volumeId !== undefined && this.volumes.find(volumeId) === null) {
      const { dataCenterId } = pod.spec
      this.addVolume({ id: volumeId, sizeGb: 100, ...(dataCenterId !== null && { dataCenterId }) })
    }
    this.#pods = [pod, ...this.#pods].sort((a, b) => b.createdAtMs - a.createdAtMs || b.serial - a.serial)
    bookBirth(this.ledger, pod, nowMs)
    this.#tell()
    return id
  }

  addVolume(spec: VolumeSpec): void {
    this.volumes.add(spec, this.nowMs())
  }

  remove(id: string): void {
    this.#end(this.#known(id), this.nowMs())
    this.#tell()
  }

  patch(id: string, patch: PodPatch): void {
    const nowMs = this.nowMs()
    const pod = patched(this.#known(id), patch, nowMs)
    this.#replace(pod)
    if (statusAt(pod, nowMs) === 'EXITED') bookStop(this.ledger, pod, nowMs)
    else bookRun(this.ledger, pod, nowMs)
  }

  /** The container anew, in place, as an edit of a running pod does. */
  recreate(id: string): void {
    this.#replace(restarted(this.#known(id), this.nowMs()))
  }

  /** Does it, or returns why not. */
  act(id: string, action: PodAction): Refusal | null {
    const nowMs = this.nowMs()
    const pod = this.#known(id)
    const refusal = this.#refusal(pod, action, nowMs)
    if (refusal !== null) return refusal
    if (action === 'terminate') this.remove(id)
    else if (action === 'restart') this.#replace(restarted(pod, nowMs))
    else if (action === 'start') {
      this.#replace(started(pod, nowMs))
      bookRun(this.ledger, this.#known(id), nowMs)
    } else {
      this.#replace(stopped(pod, nowMs))
      bookStop(this.ledger, this.#known(id), nowMs)
    }
    return null
  }

  /** Falls by everything that costs, every second of simulated time. */
  balanceUsd(): number {
    return this.#purse.balanceUsd(this.nowMs())
  }

  setBalance(usd: number): void {
    const nowMs = this.nowMs()
    this.#purse.set(usd, nowMs)
    this.#isOutOfMoney = false
    this.#heedBalance(nowMs)
  }

  setTimeFactor(factor: number): void {
    this.time.setFactor(factor)
    this.#tell()
  }

  runningPodIds(): readonly string[] {
    const nowMs = this.nowMs()
    return this.#pods.filter((pod) => statusAt(pod, nowMs) === 'RUNNING').map(({ id }) => id)
  }

  /** What the pods' own `cost` adds up to; storage is not in it. */
  spendPerHourUsd(): number {
    const nowMs = this.nowMs()
    return this.#pods.reduce((sum, pod) => sum + costPerHourUsd(pod, nowMs), 0)
  }

  view(): View {
    const wallOf = (simulatedMs: number) => this.time.wallOf(simulatedMs)
    return { seed: this.seed, nowMs: this.nowMs(), ssh: this.ssh, wallOf }
  }

  /** Calls back after every change that time alone does not bring; returns how to end that. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  #refusal(pod: PodRecord, action: PodAction, nowMs: number): Refusal | null {
    const conflict = (detail: string): Refusal => ({ status: 409, detail })
    if (pod.spec.cluster !== null) return conflict('pod belongs to a cluster and is managed through it')
    const shown = apiPod(pod, this.view())
    const isAllowed = Array.isArray(shown['actions']) && shown['actions'].includes(action)
    if (!isAllowed) return conflict(`cannot ${action} a pod that is ${String(shown['status'])}`)
    // The API document says that a lock prevents stopping, not that `actions` shows it: a client must heed both.
    if (action === 'stop' && pod.spec.locked) return conflict('pod is locked')
    if (action === 'restart' && pod.offAtMs !== null) return conflict('pod is being stopped')
    if (action !== 'start') return null
    if (this.#isOutOfMoney) return { status: 402, detail: 'insufficient balance' }
    if (!areGpusTaken(pod, nowMs)) return null
    return {
      status: 400,
      detail: 'There are not enough free GPUs on the host machine to start this pod.',
    }
  }

  /**
   * What happens at $0, as of the second when it was reached: pods on a network volume stop, all others are
   * deleted with their disks. Source: Runpod documentation, "Billing", read 2026-11-24.
   */
  #heedBalance(nowMs: number): void {
    const emptyAtMs = this.#isOutOfMoney ? null : this.#purse.emptyAtMs(nowMs)
    if (emptyAtMs === null) return
    this.#isOutOfMoney = true
    for (const pod of this.#pods) {
      if (pod.spec.network === null) this.#end(pod, emptyAtMs)
      else {
        const off = stoppedAtOnce(pod, emptyAtMs)
        this.#pods = this.#pods.map((each) => (each.id === pod.id ? off : each))
        bookStop(this.ledger, off, emptyAtMs)
      }
    }
    this.#tell()
  }

  #known(id: string): PodRecord {
    const pod = this.record(id)
    if (pod === null) throw new Error(`there is no pod ${id}`)
    return pod
  }

  #replace(pod: PodRecord): void {
    this.#pods = this.#pods.map((each) => (each.id === pod.id ? pod : each))
    this.#tell()
  }

  #end(pod: PodRecord, atMs: number): void {
    this.#pods = this.#pods.filter((each) => each.id !== pod.id)
    bookEnd(this.ledger, pod, atMs)
  }

  #tell(): void {
    for (const listener of this.#listeners) listener()
  }
}

import type { PodAction } from '../../core/pods/pod'
import { apiPod, type PodJson, type WorldView } from './api-pod'
import { BillingLedger } from '../ledger/ledger'
import { type ActionRefusal, refuseAction } from './refuse-action'
import { telemetryInputAt } from './reported-runtime'
import { randomId } from './seeded-random'
import { bookCreation, bookEnd, bookRun, bookStop } from './pod-charges'
import {
  costPerHourUsd,
  createPodRecord,
  isPulling,
  patched,
  type PodRecord,
  type RemovedPod,
  restarted,
  started,
  statusAt,
  stopped,
  stoppedAtOnce,
  type StoppedBy,
} from './pod-record'
import type { PodPatch, SimulatedPodSpec } from './pod-spec'
import type { SshAddresses } from './ssh-addresses'
import { RegisteredSshKeys } from './account/registered-ssh-keys'
import { Credit } from '../ledger/credit'
import { Endpoints } from './serverless/endpoints'
import { type CloudConditions, usualConditions } from './conditions'
import { type SimulatedTelemetry, telemetryAt } from './telemetry'
import type { VirtualTime } from './virtual-time'
import { type WorldRule, WorldRules } from './world-rules'
import { Templates } from './account/templates'
import { Volumes, type VolumeSpec } from './volumes'

export interface WorldOptions {
  readonly seed: number
  readonly time: VirtualTime
  readonly balanceUsd: number
  readonly sshKeys?: readonly string[]
}

/**
 * The account at any time: its pods, volumes, keys and money. Everything is computed from past events, without timers.
 * Unknown ids throw, so HTTP routes call `find` first.
 */
export class World {
  readonly seed: number
  readonly time: VirtualTime
  readonly ledger = new BillingLedger()
  readonly volumes = new Volumes(this.ledger)
  readonly templates = new Templates()
  readonly endpoints: Endpoints
  readonly keys: RegisteredSshKeys
  /** What pods meet. */
  conditions: CloudConditions = usualConditions
  /** The SSH addresses of pods, once SSH is running. */
  ssh: SshAddresses | null = null
  #pods: readonly PodRecord[] = []
  #createdCount = 0
  readonly #credit: Credit
  #isOutOfMoney = false
  #removed: readonly RemovedPod[] = []
  readonly #listeners = new Set<() => void>()
  readonly #rules = new WorldRules()

  constructor({ seed, time, balanceUsd, sshKeys = [] }: WorldOptions) {
    this.keys = new RegisteredSshKeys(sshKeys)
    this.seed = seed
    this.time = time
    this.endpoints = new Endpoints(() => time.toWallMs(time.nowMs()))
    this.#credit = new Credit(this.ledger, balanceUsd, time.nowMs())
  }

  /** Simulated ms, after processing everything due by now. */
  nowMs(): number {
    const nowMs = this.time.nowMs()
    if (this.#rules.isApplying) return nowMs
    this.#rules.apply(nowMs)
    this.#enforceBalance(nowMs)
    return nowMs
  }

  /**
   * From now on, `rule` is called whenever someone asks for the world, before they see it and before any change. It
   * does what became due since the last time, as of when that was due.
   */
  addRule(rule: WorldRule): void {
    this.#rules.add(rule)
  }

  /** Newest first. */
  records(): readonly PodRecord[] {
    this.nowMs()
    return this.#pods
  }

  /** Pods as the API shows them; `isLost` are those whose hosts it can't look at. */
  toApiPods(pods: readonly PodRecord[], isLost: (id: string) => boolean = () => false): readonly PodJson[] {
    const view = this.view()
    return pods.map((pod) => apiPod(pod, view, isLost(pod.id)))
  }

  /** What is measured in the pod at `atMs`, simulated ms; null if it has no container then. */
  measuredAt(id: string, atMs: number): SimulatedTelemetry | null {
    const input = telemetryInputAt(this.#requirePod(id), this.seed, atMs)
    return input && telemetryAt(input)
  }

  find(id: string): PodJson | null {
    return this.toApiPods(this.records().filter((each) => each.id === id))[0] ?? null
  }

  record(id: string): PodRecord | null {
    return this.records().find((each) => each.id === id) ?? null
  }

  /** The latest pod with this id that was terminated; null if there is none. */
  removed(id: string): RemovedPod | null {
    this.nowMs()
    return this.#removed.filter(({ record }) => record.id === id).at(-1) ?? null
  }

  /** Returns the new pod's id. Creates its network volume if it doesn't exist yet. */
  add(spec: SimulatedPodSpec): string {
    const nowMs = this.nowMs()
    const id = spec.id ?? randomId(14, this.seed, 'pod', this.#createdCount)
    if (this.record(id) !== null) throw new Error(`there is a pod ${id} already`)
    const pod = createPodRecord(spec, id, this.#createdCount, nowMs, this.conditions)
    this.#createdCount += 1
    const volumeId = pod.spec.network?.volumeId
    if (volumeId !== undefined && this.volumes.find(volumeId) === null) {
      const { dataCenterId } = pod.spec
      this.addVolume({ id: volumeId, sizeGb: 100, ...(dataCenterId !== null && { dataCenterId }) })
    }
    this.#pods = [pod, ...this.#pods].sort((a, b) => b.createdAtMs - a.createdAtMs || b.serial - a.serial)
    bookCreation(this.ledger, pod, nowMs)
    this.#notifyListeners()
    return id
  }

  addVolume(spec: VolumeSpec): void {
    this.volumes.add(spec, this.nowMs())
  }

  remove(id: string): void {
    this.removeAt(id, this.nowMs())
  }

  /** Terminates the pod as of `atMs`, a time that may have passed. For rules. */
  removeAt(id: string, atMs: number): void {
    this.#removePod(this.#requirePod(id), atMs)
    this.#notifyListeners()
  }

  /** Stops the pod as of `atMs`, a time that may have passed. Returns false if nobody can stop it. For rules. */
  stopAt(id: string, atMs: number): boolean {
    const pod = this.#requirePod(id)
    if (pod.spec.locked || pod.spec.cluster !== null || pod.offAtMs !== null) return false
    this.#replace(stopped(pod, atMs))
    bookStop(this.ledger, this.#requirePod(id), atMs)
    return true
  }

  /** Stops the pod at once, not by request of the account. */
  interrupt(id: string, by: StoppedBy): void {
    const nowMs = this.nowMs()
    this.#replace(stoppedAtOnce(this.#requirePod(id), nowMs, by))
    bookStop(this.ledger, this.#requirePod(id), nowMs)
  }

  patch(id: string, patch: PodPatch): void {
    const nowMs = this.nowMs()
    const pod = patched(this.#requirePod(id), patch, nowMs)
    this.#replace(pod)
    if (statusAt(pod, nowMs) === 'EXITED') bookStop(this.ledger, pod, nowMs)
    else bookRun(this.ledger, pod, nowMs)
  }

  /** Recreates the container in place, like an edit of a running pod. */
  recreate(id: string): void {
    this.#replace(restarted(this.#requirePod(id), this.nowMs()))
  }

  /** Applies the action, or returns why it was rejected. `hasGpus`: whether a start gets the pod's GPUs. */
  act(id: string, action: PodAction, hasGpus = true): ActionRefusal | null {
    const nowMs = this.nowMs()
    const pod = this.#requirePod(id)
    const refusal = refuseAction(action, pod, this.view(), {
      isOutOfMoney: this.#isOutOfMoney,
      isBeyondSpendLimit: this.isBeyondSpendLimit(pod.spec.costPerHourUsd),
    })
    if (refusal !== null) return refusal
    if (action === 'terminate') this.remove(id)
    else if (action === 'restart') this.#replace(restarted(pod, nowMs))
    else if (action === 'start') {
      this.#replace(started(pod, nowMs, { ...this.conditions, hasGpus }))
      bookRun(this.ledger, this.#requirePod(id), nowMs)
    } else {
      this.#replace(stopped(pod, nowMs))
      bookStop(this.ledger, this.#requirePod(id), nowMs)
    }
    return null
  }

  /** The balance, which falls every second of simulated time by all costs. */
  balanceUsd(): number {
    return this.#credit.balanceUsd(this.nowMs())
  }

  setBalance(usd: number): void {
    const nowMs = this.nowMs()
    this.#credit.set(usd, nowMs)
    this.#isOutOfMoney = false
    this.#enforceBalance(nowMs)
  }

  /** Whether a job runs in the pod's present container. */
  setWork(id: string, isRunning: boolean): void {
    this.#replace({ ...this.#requirePod(id), work: { isRunning, untilMs: this.nowMs() } })
  }

  setTimeFactor(factor: number): void {
    this.time.setFactor(factor)
    this.#notifyListeners()
  }

  /** Of pods that are RUNNING, without those whose image is still pulled. */
  runningPodIds(): readonly string[] {
    const nowMs = this.nowMs()
    const isUp = (pod: PodRecord) => statusAt(pod, nowMs) === 'RUNNING' && !isPulling(pod, nowMs)
    return this.#pods.filter(isUp).map(({ id }) => id)
  }

  /** The sum of the pods' `cost`, without storage. */
  spendPerHourUsd(): number {
    const nowMs = this.nowMs()
    return this.#pods.reduce((sum, pod) => sum + costPerHourUsd(pod, nowMs), 0)
  }

  /** Whether pods would cost more per hour than the account may spend. */
  isBeyondSpendLimit(addedUsd: number): boolean {
    const { spendLimitUsd } = this.conditions
    return spendLimitUsd !== null && this.spendPerHourUsd() + addedUsd > spendLimitUsd
  }

  view(): WorldView {
    const toWallMs = (simulatedMs: number) => this.time.toWallMs(simulatedMs)
    const { metricsEveryS } = this.conditions
    return { seed: this.seed, nowMs: this.nowMs(), ssh: this.ssh, toWallMs, metricsEveryS }
  }

  /** Calls back after every change that isn't caused by time alone; returns a function that unsubscribes. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /**
   * Handles a balance of $0, as of the second when it was reached: pods on a network volume stop, all others are
   * deleted with their disks. Source: Runpod documentation, "Billing", read 2026-11-24.
   */
  #enforceBalance(nowMs: number): void {
    const emptyAtMs = this.#isOutOfMoney ? null : this.#credit.emptyAtMs(nowMs)
    if (emptyAtMs === null) return
    this.#isOutOfMoney = true
    for (const pod of this.#pods) {
      if (pod.spec.network === null) this.#removePod(pod, emptyAtMs)
      else {
        const stoppedPod = stoppedAtOnce(pod, emptyAtMs, 'service')
        this.#pods = this.#pods.map((each) => (each.id === pod.id ? stoppedPod : each))
        bookStop(this.ledger, stoppedPod, emptyAtMs)
      }
    }
    this.#notifyListeners()
  }

  #requirePod(id: string): PodRecord {
    const pod = this.record(id)
    if (pod === null) throw new Error(`there is no pod ${id}`)
    return pod
  }

  #replace(pod: PodRecord): void {
    this.#pods = this.#pods.map((each) => (each.id === pod.id ? pod : each))
    this.#notifyListeners()
  }

  #removePod(pod: PodRecord, atMs: number): void {
    this.#pods = this.#pods.filter((each) => each.id !== pod.id)
    this.#removed = [...this.#removed, { record: pod, atMs }]
    bookEnd(this.ledger, pod, atMs)
  }

  #notifyListeners(): void {
    this.#rules.noteChange()
    for (const listener of this.#listeners) listener()
  }
}

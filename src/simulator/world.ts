import { apiPod, type ApiPod, type View } from './api-pod'
import { token } from './noise'
import {
  bornAt,
  costPerHourUsd,
  patched,
  restarted,
  spentUsd,
  started,
  stopped,
  type PodAction,
  type PodRecord,
} from './pod-life'
import type { PodPatch, PodSpec } from './pod-spec'

export interface WorldOptions {
  readonly seed: number
  /** Simulated seconds per real second, at least 1: the app's own clock is not sped up. */
  readonly timeFactor: number
  /** Wall clock, Unix ms. */
  readonly now: () => number
  readonly balanceUsd: number
}

/** The account: its pods and its balance, at any moment. Unknown ids throw; HTTP asks with `find` first. */
export class World {
  readonly #options: WorldOptions
  readonly #bornAtMs: number
  #pods: readonly PodRecord[] = []
  #born = 0
  #balanceUsd: number
  #settledAtMs: number

  constructor(options: WorldOptions) {
    if (!(options.timeFactor >= 1)) throw new RangeError('timeFactor must be at least 1')
    this.#options = options
    this.#bornAtMs = options.now()
    this.#settledAtMs = this.#bornAtMs
    this.#balanceUsd = options.balanceUsd
  }

  /** Simulated ms. */
  nowMs(): number {
    return this.#bornAtMs + (this.#options.now() - this.#bornAtMs) * this.#options.timeFactor
  }

  /** Pods as the API shows them, newest first. */
  list(): readonly ApiPod[] {
    const view = this.#view()
    return this.#pods.map((pod) => apiPod(pod, view))
  }

  find(id: string): ApiPod | null {
    const pod = this.#pods.find((each) => each.id === id)
    return pod === undefined ? null : apiPod(pod, this.#view())
  }

  /** Returns the new pod's id. */
  add(spec: PodSpec): string {
    this.#settle()
    const id = spec.id ?? token(14, this.#options.seed, 'pod', this.#born)
    if (this.find(id) !== null) throw new Error(`there is a pod ${id} already`)
    this.#born += 1
    this.#pods = [bornAt(spec, id, this.nowMs()), ...this.#pods].sort((a, b) => b.createdAtMs - a.createdAtMs)
    return id
  }

  remove(id: string): void {
    this.#settle()
    this.#record(id)
    this.#pods = this.#pods.filter((pod) => pod.id !== id)
  }

  patch(id: string, patch: PodPatch): void {
    this.#replace(patched(this.#record(id), patch, this.nowMs()))
  }

  /** Does it, or returns why the pod's present state does not allow it. */
  act(id: string, action: PodAction): string | null {
    const pod = this.#record(id)
    const shown = apiPod(pod, this.#view())
    if (pod.spec.cluster !== null) return 'pod belongs to a cluster and is managed through it'
    const isAllowed = Array.isArray(shown['actions']) && shown['actions'].includes(action)
    if (!isAllowed) return `cannot ${action} a pod that is ${String(shown['status'])}`
    // The API document says that a lock prevents stopping, not that `actions` shows it: a client must heed both.
    if (action === 'stop' && pod.spec.locked) return 'pod is locked'
    if (action === 'restart' && pod.offAtMs !== null) return 'pod is being stopped'
    const nowMs = this.nowMs()
    if (action === 'terminate') this.remove(id)
    else if (action === 'start') this.#replace(started(pod, nowMs))
    else if (action === 'stop') this.#replace(stopped(pod, nowMs))
    else this.#replace(restarted(pod, nowMs))
    return null
  }

  /** Falls by what the pods cost for every second of simulated time. */
  balanceUsd(): number {
    const nowMs = this.nowMs()
    return this.#pods.reduce((left, pod) => left - spentUsd(pod, this.#settledAtMs, nowMs), this.#balanceUsd)
  }

  setBalance(usd: number): void {
    this.#settle()
    this.#balanceUsd = usd
  }

  spendPerHourUsd(): number {
    const nowMs = this.nowMs()
    return this.#pods.reduce((sum, pod) => sum + costPerHourUsd(pod, nowMs), 0)
  }

  #record(id: string): PodRecord {
    const pod = this.#pods.find((each) => each.id === id)
    if (pod === undefined) throw new Error(`there is no pod ${id}`)
    return pod
  }

  #replace(pod: PodRecord): void {
    this.#settle()
    this.#pods = this.#pods.map((each) => (each.id === pod.id ? pod : each))
  }

  /** Books what was spent so far, before something changes what is spent from now on. */
  #settle(): void {
    this.#balanceUsd = this.balanceUsd()
    this.#settledAtMs = this.nowMs()
  }

  #view(): View {
    return {
      seed: this.#options.seed,
      nowMs: this.nowMs(),
      // Dates are stated in real time: what starts in sped-up time would else start in the client's future.
      wallOf: (simulatedMs) =>
        simulatedMs <= this.#bornAtMs
          ? simulatedMs
          : this.#bornAtMs + (simulatedMs - this.#bornAtMs) / this.#options.timeFactor,
    }
  }
}

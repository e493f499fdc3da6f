import type { PodAction } from '../../core/pods/pod'
import { randomId } from '../world/seeded-random'
import type { ActionRefusal } from '../world/refuse-action'
import type { World } from '../world/world'
import { idleSinceMs, type LabPod, type LabPodState, labPodState } from './lab-pod'
import type { ExperimentSpec, LabPodPatch, SimulatedLabPodSpec, LabSpec } from './lab-spec'
import { HOUR_MS, MINUTE_MS } from '../../core/base/time/time'

/** A lab. Times are simulated ms. */
export interface SimulatedLab {
  readonly id: string
  readonly slug: string
  readonly name: string
  readonly template: NonNullable<LabSpec['template']>
  readonly visibility: NonNullable<LabSpec['visibility']>
  readonly createdAtMs: number
  readonly languageModelUsd: number
  readonly autoStopAfterH: number | null
}

export interface Experiment extends Required<Omit<ExperimentSpec, 'createdAgoMin'>> {
  readonly documentId: string
  readonly createdAtMs: number
}

export interface LabActivity {
  readonly documentId: string
  readonly type: 'pod.created' | 'pod.started' | 'pod.stopped' | 'pod.terminated'
  readonly message: string
  /** The pod's document id. */
  readonly podId: string
  readonly atMs: number
}

/** Lab settings; a setting that was never changed is absent. */
export interface SimulatedLabSettings {
  readonly idleAlertMinutes?: number
  readonly autoScheduleEnabled?: boolean
}

/** The labs of a Hubify, over the pods of a `World`. Lists have the newest first. Unknown ids throw. */
export interface Labs {
  list(): readonly SimulatedLab[]
  find(id: string): SimulatedLab | null
  findBySlug(slug: string): SimulatedLab | null
  pods(labId: string): readonly LabPodState[]
  findPod(documentId: string): LabPodState | null
  experiments(labId: string): readonly Experiment[]
  activity(labId: string): readonly LabActivity[]
  settings(labId: string): SimulatedLabSettings
  add(spec: LabSpec): void
  addPod(labId: string, spec: SimulatedLabPodSpec): AddedLabPod
  setPod(documentId: string, patch: LabPodPatch): void
  addExperiment(labId: string, spec: ExperimentSpec): void
  changeSettings(labId: string, changes: SimulatedLabSettings): SimulatedLabSettings
  /** Applies the action, or returns why it was rejected. */
  act(documentId: string, action: Exclude<PodAction, 'restart'>): ActionRefusal | null
}

export interface AddedLabPod {
  readonly documentId: string
  /** The id in the account. */
  readonly podId: string
}

const DEFAULT_AUTO_STOP_AFTER_H = 6
/** How often the server looks for idle pods and for those at the end of their maximum runtime. */
const CRON_MS = 5 * MINUTE_MS

const cronRunAfter = (ms: number): number => Math.ceil(ms / CRON_MS) * CRON_MS

const activityTypes = {
  start: 'pod.started',
  stop: 'pod.stopped',
  terminate: 'pod.terminated',
} as const satisfies Record<Exclude<PodAction, 'restart'>, LabActivity['type']>

export function createLabs(world: World): Labs {
  let labs: readonly SimulatedLab[] = []
  let pods: readonly LabPod[] = []
  const experimentsOf = new Map<string, readonly Experiment[]>()
  const activityOf = new Map<string, readonly LabActivity[]>()
  const settingsOf = new Map<string, SimulatedLabSettings>()
  const idOf = (what: string, index: number): string => randomId(32, world.seed, what, index)

  const requireLab = (id: string): SimulatedLab => {
    const lab = labs.find((each) => each.id === id)
    if (lab === undefined) throw new Error(`there is no lab ${id}`)
    return lab
  }

  const requirePod = (documentId: string): LabPod => {
    const pod = pods.find((each) => each.documentId === documentId)
    if (pod === undefined) throw new Error(`there is no pod ${documentId} in a lab`)
    return pod
  }

  const replacePod = (pod: LabPod): void => {
    pods = pods.map((each) => (each.documentId === pod.documentId ? pod : each))
  }

  const note = ({ labId, documentId }: LabPod, type: LabActivity['type'], message: string, atMs: number) => {
    const earlier = activityOf.get(labId) ?? []
    const entry = { documentId: idOf(`activity/${labId}`, earlier.length), type, message, podId: documentId }
    activityOf.set(labId, [{ ...entry, atMs }, ...earlier])
  }

  const terminate = (pod: LabPod, message: string, atMs: number): void => {
    world.removeAt(pod.podId, atMs)
    replacePod({ ...pod, terminatedByLabAtMs: atMs })
    note(pod, 'pod.terminated', message, atMs)
  }

  const add = (spec: LabSpec): void => {
    const { id, slug, name = slug, template = 'blank', visibility = 'private' } = spec
    if (labs.some((lab) => lab.id === id || lab.slug === slug))
      throw new Error(`there is a lab ${id} already`)
    const { languageModelUsd = 0, autoStopAfterH = DEFAULT_AUTO_STOP_AFTER_H } = spec
    const createdAtMs = world.nowMs() - (spec.createdAgoMin ?? 30 * 24 * 60) * MINUTE_MS
    labs = [...labs, { id, slug, name, template, visibility, createdAtMs, languageModelUsd, autoStopAfterH }]
    for (const pod of spec.pods ?? []) addPod(id, pod)
    for (const experiment of spec.experiments ?? []) addExperiment(id, experiment)
  }

  const addPod = (labId: string, spec: SimulatedLabPodSpec): AddedLabPod => {
    requireLab(labId)
    const documentId = spec.documentId ?? idOf('document', pods.length)
    if (pods.some((pod) => pod.documentId === documentId)) {
      throw new Error(`there is a pod ${documentId} already`)
    }
    const podId = 'pod' in spec ? world.add(spec.pod) : existingPodId(spec.existing, world)
    if (pods.some((pod) => pod.podId === podId)) throw new Error(`pod ${podId} is in a lab already`)
    const { maxHours = null, overrides = {}, omit = [] } = spec
    const rulesFromMs = world.nowMs()
    const pod = {
      documentId,
      labId,
      podId,
      rulesFromMs,
      maxHours,
      overrides,
      omit,
      terminatedByLabAtMs: null,
    }
    pods = [...pods, pod]
    const { record } = labPodState(pod, world)
    note(pod, 'pod.created', `Pod ${documentId} was created.`, record.createdAtMs)
    return { documentId, podId }
  }

  const addExperiment = (labId: string, spec: ExperimentSpec): void => {
    requireLab(labId)
    const others = experimentsOf.get(labId) ?? []
    const experiment: Experiment = {
      documentId: idOf(`experiment/${labId}`, others.length),
      experimentId: spec.experimentId ?? `EXP-${String(others.length + 1).padStart(3, '0')}`,
      title: spec.title,
      status: spec.status,
      computeMode: spec.computeMode ?? 'CPU',
      priority: spec.priority ?? 'normal',
      estimatedSeconds: spec.estimatedSeconds ?? 3_600,
      costUsd: spec.costUsd ?? 0,
      createdAtMs: world.nowMs() - (spec.createdAgoMin ?? 0) * MINUTE_MS,
    }
    const sorted = [...others, experiment].sort((a, b) => b.createdAtMs - a.createdAtMs)
    experimentsOf.set(labId, sorted)
  }

  /** The server's cron. A pod that nobody asked about is stopped or terminated as of when that was due. */
  world.addRule((nowMs) => {
    const records = new Map(world.records().map((record) => [record.id, record]))
    for (const pod of pods) {
      const record = records.get(pod.podId)
      if (record === undefined) continue
      const endMs = pod.maxHours === null ? Infinity : record.createdAtMs + pod.maxHours * HOUR_MS
      const terminatesAtMs = cronRunAfter(Math.max(endMs, pod.rulesFromMs))
      const idleMs = idleSinceMs(record, world.seed, nowMs)
      const { autoStopAfterH } = requireLab(pod.labId)
      const limitMs =
        autoStopAfterH === null || idleMs === null ? Infinity : idleMs + autoStopAfterH * HOUR_MS
      const stopsAtMs = cronRunAfter(Math.max(limitMs, pod.rulesFromMs))
      if (stopsAtMs <= Math.min(nowMs, terminatesAtMs) && world.stopAt(pod.podId, stopsAtMs)) {
        note(pod, 'pod.stopped', `Pod ${pod.documentId} was idle and was stopped.`, stopsAtMs)
      }
      if (terminatesAtMs <= nowMs) {
        terminate(pod, `Pod ${pod.documentId} reached its maximum runtime.`, terminatesAtMs)
      }
    }
  })

  return {
    list: () => labs,
    find: (id) => labs.find((lab) => lab.id === id) ?? null,
    findBySlug: (slug) => labs.find((lab) => lab.slug === slug) ?? null,
    pods(labId) {
      const states = pods.filter((pod) => pod.labId === labId).map((pod) => labPodState(pod, world))
      return states.reverse().sort((a, b) => b.record.createdAtMs - a.record.createdAtMs)
    },
    findPod(documentId) {
      const pod = pods.find((each) => each.documentId === documentId)
      return pod === undefined ? null : labPodState(pod, world)
    },
    experiments: (labId) => experimentsOf.get(labId) ?? [],
    activity(labId) {
      world.nowMs()
      return [...(activityOf.get(labId) ?? [])].sort((a, b) => b.atMs - a.atMs)
    },
    settings: (labId) => settingsOf.get(labId) ?? {},
    add,
    addPod,
    setPod(documentId, patch) {
      const rulesFromMs = world.nowMs()
      replacePod({ ...requirePod(documentId), ...patch, rulesFromMs })
    },
    addExperiment,
    changeSettings(labId, changes) {
      const settings = { ...settingsOf.get(requireLab(labId).id), ...changes }
      settingsOf.set(labId, settings)
      return settings
    },
    act(documentId, action) {
      const pod = requirePod(documentId)
      if (world.record(pod.podId) === null) return { status: 409, detail: 'pod is terminated' }
      const refusal = world.act(pod.podId, action)
      if (refusal !== null) return refusal
      const atMs = world.nowMs()
      note(pod, activityTypes[action], `Pod ${documentId}: ${action}.`, atMs)
      if (action === 'terminate') replacePod({ ...pod, terminatedByLabAtMs: atMs })
      return null
    },
  }
}

function existingPodId(idOrName: string, world: World): string {
  const records = world.records()
  const record =
    records.find(({ id }) => id === idOrName) ?? records.find(({ spec }) => spec.name === idOrName)
  if (record === undefined) throw new Error(`there is no pod ${idOrName}`)
  return record.id
}

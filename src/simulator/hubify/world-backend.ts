import type { ApiCreate } from '../../core/pods-api/api-schemas'
import type { ApiBackend, ApiLab, ApiOutcome, ApiPod } from '../../core/pods-api/api-types'
import type { SimulatedFault } from '../control/faults'
import type { HubifyBehavior } from '../control/hubify-behavior'
import type { LabPodState } from '../labs/lab-pod'
import type { SimulatedLab, Labs } from '../labs/labs'
import { directSshOf } from '../world/api-pod'
import { findGpu } from '../world/hosts/hardware'
import { runModes } from '../world/pod-spec'
import type { World } from '../world/world'
import { apiLabPod, labGpuIds } from './api-lab-pod'
import { labCosts, monthlyPodCosts } from './lab-costs'

/** This environment variable sets the mode of a new pod; without it, the pod idles. */
const MODE_VARIABLE = 'SIMULATED_MODE'

export interface WorldBackendOptions {
  readonly world: World
  readonly labs: Labs
  readonly behavior: HubifyBehavior
  /** Only faults that let the API act. */
  readonly fault: SimulatedFault | null
  readonly canAccess: (lab: ApiLab) => boolean
}

/** The labs of a simulated world, for one request. */
export function createWorldBackend(options: WorldBackendOptions): ApiBackend {
  const { world, labs, behavior, fault, canAccess } = options
  const wallMs = (simulatedMs: number): number => Math.round(world.time.toWallMs(simulatedMs))
  const bodyOf = (state: LabPodState, isDetail: boolean) => apiLabPod(state, world, behavior, isDetail)
  const requireLab = ({ id }: ApiLab): SimulatedLab => {
    const found = labs.find(id)
    if (found === null) throw new Error(`there is no lab ${id}`)
    return found
  }
  const toPod = (state: LabPodState): ApiPod => ({
    id: state.pod.documentId,
    labId: state.pod.labId,
    status: state.status,
    body: (isDetail) => bodyOf(state, isDetail),
  })
  const done = (documentId: string, isDetail: boolean, status: number): ApiOutcome => {
    const state = labs.findPod(documentId)
    return { ok: true, status, value: state && bodyOf(state, isDetail) }
  }

  function create(lab: ApiLab, request: ApiCreate): ApiOutcome {
    const { gpuType, gpuCount, maxHours = null, image, env, volumeSize } = request
    const gpu = { id: labGpuIds[gpuType], count: gpuCount, vcpuCount: gpuCount * 16, memory: gpuCount * 96 }
    const costPerHourUsd = Math.round((findGpu(gpu.id)?.secureUsd ?? 0) * gpuCount * 100) / 100
    if (world.balanceUsd() < costPerHourUsd)
      return { ok: false, refusal: { status: 402, message: 'The balance is too low' } }
    const { documentId } = labs.addPod(lab.id, {
      maxHours,
      pod: {
        name: `${lab.slug}-${labs.pods(lab.id).length + 1}`,
        mode: runModes.find((mode) => mode === env[MODE_VARIABLE]) ?? 'idle',
        startedAgoMin: 0,
        gpu,
        costPerHourUsd,
        image,
        env,
        persistent: { sizeGb: volumeSize, path: '/workspace' },
      },
    })
    return done(documentId, true, 201)
  }

  return {
    labs: () => labs.list().filter(canAccess),
    labBody(lab) {
      const { id, name, slug, template, visibility, createdAtMs } = requireLab(lab)
      return {
        id,
        name,
        slug,
        template,
        visibility,
        experiment_count: labs.experiments(id).length,
        agent_count: 0,
        created_at: new Date(world.time.toWallMs(createdAtMs)).toISOString(),
      }
    },
    findLab: (id) => labs.find(id),
    findLabBySlug: (slug) => labs.findBySlug(slug),
    canAccess,
    pods({ id }) {
      if (fault?.kind === 'empty-list') return []
      const hidden = fault?.kind === 'list-without' ? fault.withoutPodId : undefined
      return labs
        .pods(id)
        .filter(({ pod }) => pod.documentId !== hidden && pod.podId !== hidden)
        .map(toPod)
    },
    findPod(id) {
      const state = labs.findPod(id)
      return state && toPod(state)
    },
    ssh({ id }) {
      const state = labs.findPod(id)
      const address = state && directSshOf(state.record, world.view())
      return address && { host: address.host, port: address.port, username: 'root' }
    },
    costs: (lab) => labCosts(requireLab(lab), labs.pods(lab.id), labs.experiments(lab.id), world),
    monthCosts: (lab, month) => monthlyPodCosts(month, labs.pods(lab.id), world),
    experiments: ({ id }) =>
      labs.experiments(id).map((experiment) => {
        const { documentId, experimentId, title, status, computeMode, priority, estimatedSeconds } =
          experiment
        const body = { experimentId, title, status, computeMode, priority, estimatedSeconds }
        const createdAt = wallMs(experiment.createdAtMs)
        return { id: documentId, body: { _id: documentId, labId: id, ...body, createdAt } }
      }),
    activity: ({ id }) =>
      labs.activity(id).map(({ documentId, atMs, ...entry }) => ({
        _id: documentId,
        labId: id,
        ...entry,
        createdAt: wallMs(atMs),
      })),
    act({ id }, action) {
      const refusal = fault?.kind === 'accepted-not-done' ? null : labs.act(id, action)
      return refusal === null
        ? done(id, false, 200)
        : { ok: false, refusal: { status: refusal.status, message: refusal.detail } }
    },
    create,
    changeSettings: ({ id, slug }, changes) => ({
      ok: true,
      status: 200,
      value: { labId: id, slug, ...labs.changeSettings(id, changes) },
    }),
  }
}

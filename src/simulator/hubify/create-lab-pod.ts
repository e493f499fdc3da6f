import * as v from 'valibot'
import type { Reply } from '../http/reply'
import { findGpu } from '../world/hardware'
import { runModes } from '../world/pod-spec'
import { apiLabPod, labGpuIds, labGpuTypes } from './api-lab-pod'
import { readLabBody } from './json-body'
import { type HubifyCall, noAccess } from './route'

/** This environment variable sets the mode of a new pod; without it, the pod idles. */
const MODE_VARIABLE = 'SIMULATED_MODE'

const wholeNumber = v.pipe(v.number(), v.integer(), v.minValue(1))

const createBody = v.pipe(
  v.object({
    labId: v.pipe(v.string(), v.minLength(1)),
    gpuType: v.picklist(labGpuTypes),
    gpuCount: v.optional(v.pipe(wholeNumber, v.maxValue(8)), 1),
    maxHours: v.optional(v.pipe(v.number(), v.finite(), v.gtValue(0))),
    image: v.optional(v.pipe(v.string(), v.minLength(1)), 'hubify/base:latest'),
    env: v.optional(v.record(v.string(), v.string()), {}),
    volumeSize: v.optional(wholeNumber, 50),
  }),
  v.check(
    ({ gpuType, gpuCount }) => gpuType !== 'H200' || gpuCount === 1,
    'Multi-GPU pods are available for H100 and A100 only',
  ),
)

/** Answers `POST /v1/pods`. */
export function handleCreateLabPod(routeCall: HubifyCall): Reply {
  const { body, labs, world, behavior, reply } = routeCall
  const read = readLabBody(createBody, body)
  if (!read.ok) return reply.error(400, read.problem)
  const { labId, gpuType, gpuCount, maxHours = null, image, env, volumeSize } = read.value
  const lab = labs.find(labId)
  if (lab === null || !routeCall.canAccess(lab)) return noAccess(routeCall)
  const gpu = { id: labGpuIds[gpuType], count: gpuCount, vcpuCount: gpuCount * 16, memory: gpuCount * 96 }
  const costPerHourUsd = Math.round((findGpu(gpu.id)?.secureUsd ?? 0) * gpuCount * 100) / 100
  if (world.balanceUsd() < costPerHourUsd) return reply.error(402, 'The balance is too low')
  const { documentId } = labs.addPod(labId, {
    maxHours,
    pod: {
      name: `${lab.slug}-${labs.pods(labId).length + 1}`,
      mode: runModes.find((mode) => mode === env[MODE_VARIABLE]) ?? 'idle',
      startedAgoMin: 0,
      gpu,
      costPerHourUsd,
      image,
      env,
      persistent: { sizeGb: volumeSize, path: '/workspace' },
    },
  })
  const state = labs.findPod(documentId)
  return reply.object('pod', state && apiLabPod(state, world, behavior, true), 201)
}

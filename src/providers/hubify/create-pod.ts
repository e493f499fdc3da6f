import type { LabPodSpec } from '../../core/pods/provider'
import { apiErrorText, kindOfStatus, type ResponseError } from '../http/response'
import { visibleText } from '../http/text'

/** The body of the request that creates a pod. Its environment may hold secrets. */
export function createPodBody(labId: string, spec: LabPodSpec): Readonly<Record<string, unknown>> {
  const { gpuType, gpuCount, maxHours, image, environment, volumeGb } = spec
  return {
    labId,
    gpuType,
    gpuCount,
    ...(maxHours !== null && { maxHours }),
    image,
    ...(Object.keys(environment).length > 0 && { env: environment }),
    volumeSize: volumeGb,
  }
}

/** Why Hubify's documents rule the pod out, as a sentence; null if they don't. */
export function podSpecProblem({ gpuType, gpuCount, maxHours, image, volumeGb }: LabPodSpec): string | null {
  const type = gpuType.trim().toUpperCase()
  if (type === '' || image.trim() === '') return 'A pod needs a GPU type and an image.'
  if (!Number.isInteger(gpuCount) || gpuCount < 1) return 'A pod has at least one GPU.'
  if (gpuCount > 1 && !/^(H100|A100)\b/.test(type))
    return 'Hubify offers several GPUs in one pod for H100 and A100 only.'
  if (maxHours !== null && !(Number.isFinite(maxHours) && maxHours > 0))
    return 'The maximum runtime is a number of hours above zero.'
  if (!(Number.isFinite(volumeGb) && volumeGb > 0)) return 'The volume has a size above zero.'
  return null
}

/** Long enough that a part of a secret is recognized, short enough that a cut one is. */
const PART_CHARS = 6
const MAX_TEXT_CHARS = 10_000

/** Replaces the server's words on an error where they repeat a value of the environment or a part of one. */
export function readCreateError(environment: LabPodSpec['environment']) {
  return (status: number, json: unknown): ResponseError | null => {
    const text = visibleText(apiErrorText(json).slice(0, MAX_TEXT_CHARS))
    const repeats = Object.values(environment).some((value) => holdsPartOf(text, value))
    if (!repeats) return null
    return { kind: kindOfStatus(status), message: `Hubify refused to create the pod (HTTP ${status}).` }
  }
}

function holdsPartOf(text: string, value: string): boolean {
  const visible = visibleText(value)
  if (visible.length <= PART_CHARS) return visible !== '' && text.includes(visible)
  for (let start = 0; start + PART_CHARS <= Math.min(visible.length, MAX_TEXT_CHARS); start += 1)
    if (text.includes(visible.slice(start, start + PART_CHARS))) return true
  return false
}

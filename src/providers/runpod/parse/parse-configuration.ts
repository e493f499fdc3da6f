import * as v from 'valibot'
import { isObject } from '../../../core/base/parse-json'
import type { Pod } from '../../../core/pods/pod'
import { cloudTiers, type PodConfiguration, type PodStorage } from '../../../core/pods/pod-request'
import { finiteNumber, record } from '../../wire/wire-values'
import { argsOf } from './start-command'

/*
 * Parses how a pod is set up, to make another one like it. Unlike what is shown of a pod, texts are taken exactly as
 * they are, because they are sent back.
 */

const MAX_TEXT_CHARS = 4_000

const text = v.pipe(v.string(), v.maxLength(MAX_TEXT_CHARS))
const count = v.pipe(finiteNumber, v.integer(), v.minValue(1))

const configuration = v.pipe(
  record,
  v.object({
    image: v.fallback(text, ''),
    disk: v.fallback(v.nullable(count), null),
    ports: v.fallback(v.array(text), []),
    registry: v.fallback(v.optional(v.nullable(text)), undefined),
    globalNetworking: v.fallback(v.nullable(v.pipe(record, v.object({ enabled: v.boolean() }))), null),
    cloud: v.fallback(v.nullable(v.picklist(cloudTiers)), null),
    gpu: v.fallback(v.nullable(v.pipe(record, v.object({ id: text, count: v.optional(count, 1) }))), null),
    cpu: v.fallback(v.nullable(v.pipe(record, v.object({ id: text, vcpuCount: count }))), null),
    env: v.fallback(v.nullable(v.pipe(record, v.record(v.string(), v.string()))), null),
  }),
)

/** `pod` is the same reply as it is shown. Null if there is nothing to make another one from. */
export function parsePodConfiguration(value: unknown, pod: Pod): PodConfiguration | null {
  const read = v.safeParse(configuration, value)
  if (!read.success) return null
  const { image, disk, ports, registry, cloud, gpu, cpu, env, globalNetworking } = read.output
  if (image === '') return null
  return {
    name: pod.name,
    gpu: gpu && { typeId: gpu.id, count: gpu.count },
    cpu: gpu === null && cpu !== null ? { flavorId: cpu.id, vcpuCount: cpu.vcpuCount } : null,
    cloud,
    dataCenterId: pod.dataCenterId,
    image,
    args: isObject(value) ? argsOf(value) : null,
    containerDiskGb: disk,
    storage: storageOf(pod),
    ports,
    registryId: registry ?? null,
    isRegistryKnown: registry !== undefined,
    hasGlobalNetworking: globalNetworking?.enabled ?? null,
    environment: env,
  }
}

function storageOf({ persistentMount, networkMounts, areMountsKnown }: Pod): PodStorage | null {
  const [mount] = networkMounts
  if (!areMountsKnown) return null
  if (mount !== undefined)
    return mount.path === null ? null : { kind: 'network', volumeId: mount.volumeId, path: mount.path }
  return persistentMount === null ? { kind: 'none' } : { kind: 'persistent', ...persistentMount }
}

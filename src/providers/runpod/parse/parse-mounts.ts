import * as v from 'valibot'
import type { NetworkMount, PersistentMount, Pod } from '../../../core/pods/pod'
import { isObject } from '../../../core/base/parse-json'
import { displayText, finiteNumber, MAX_ID_CHARS, record } from '../../wire/wire-values'

const path = displayText(1_000)
const persistentMount = v.pipe(record, v.object({ size: v.pipe(finiteNumber, v.gtValue(0)), path }))
const networkMount = v.pipe(
  record,
  v.object({ volumeId: displayText(MAX_ID_CHARS), path: v.fallback(v.nullable(path), null) }),
)

/**
 * Parses a pod's `mounts`. A mount without a positive size or a path is not a volume, and one malformed part
 * makes the mounts unknown. See docs/product-rules.md#12-unreliable-replies.
 */
export function parseMounts(
  value: unknown,
): Pick<Pod, 'persistentMount' | 'networkMounts' | 'areMountsKnown'> {
  if (!isObject(value)) return { persistentMount: null, networkMounts: [], areMountsKnown: false }
  const persistentMounts = parseEach(
    isAbsent(value['persistent']) ? [] : [value['persistent']],
    readPersistent,
  )
  const networkMounts = parseEach(isAbsent(value['network']) ? [] : value['network'], readNetwork)
  return {
    persistentMount: persistentMounts.mounts[0] ?? null,
    networkMounts: networkMounts.mounts,
    areMountsKnown:
      persistentMounts.areAllKnown &&
      networkMounts.areAllKnown &&
      networkMounts.mounts.every((mount) => mount.path !== null),
  }
}

const isAbsent = (value: unknown): boolean => value === undefined || value === null

function parseEach<Mount>(
  values: unknown,
  read: (value: unknown) => Mount | null,
): { readonly mounts: readonly Mount[]; readonly areAllKnown: boolean } {
  if (!Array.isArray(values)) return { mounts: [], areAllKnown: false }
  const mounts = values.map(read).filter((mount) => mount !== null)
  return { mounts, areAllKnown: mounts.length === values.length }
}

function readPersistent(value: unknown): PersistentMount | null {
  const read = v.safeParse(persistentMount, value)
  return read.success ? { sizeGb: read.output.size, path: read.output.path } : null
}

function readNetwork(value: unknown): NetworkMount | null {
  const read = v.safeParse(networkMount, value)
  return read.success ? read.output : null
}

import { uptimeS } from '../../world/container'
import type { World } from '../../world/world'
import type { PodRecord } from '../../world/pod-record'
import { bytesOf, type Files } from './files'

/** A disk of a pod as its programs see it. */
export interface SimulatedDisk {
  readonly device: string
  readonly path: string
  /** What the system shows of it: of a network volume that is the storage of the data center. */
  readonly totalBytes: number
  readonly usedBytes: number
  /** Its folders down to the second level, largest first; the first one is the disk itself. */
  readonly folders: readonly { readonly path: string; readonly bytes: number }[]
}

const GIB = 1_024 ** 3
/** The storage of a data center, which all of its network volumes share. */
const DATA_CENTER_BYTES = 512 * 1_024 * GIB
/** What a disk has besides its files, of its size. */
const FILLED_SHARE = 0.38
/** Of what is used, at most this is in its files. */
const FILES_SHARE = 0.8

/** The disks of a pod. They fill by `disksFillPerHour` since the container started. */
export function disksOf(pod: PodRecord, files: Files, world: World): readonly SimulatedDisk[] {
  const { containerDiskGb, persistent, network } = pod.spec
  const hours = Math.max(0, uptimeS(pod, world.nowMs()) ?? 0) / 3_600
  const mounts = [persistent?.path ?? network?.path].filter((path) => path !== undefined)
  const disk = (device: string, path: string, sizeGb: number, rest: string): SimulatedDisk => {
    const sizeBytes = sizeGb * GIB
    const share = FILLED_SHARE + hours * world.conditions.disksFillPerHour
    const usedBytes = Math.min(sizeBytes, Math.round(sizeBytes * share))
    const own = folderSizes(files, path, mounts)
    // What the sample files represent may be more than a small disk has.
    const scale = Math.min(1, (usedBytes * FILES_SHARE) / Math.max(1, own.get(path) ?? 0))
    const sizes = new Map([...own].map(([at, bytes]) => [at, Math.round(bytes * scale)]))
    sizes.set(rest, (sizes.get(rest) ?? 0) + usedBytes - (sizes.get(path) ?? 0))
    sizes.set(path, usedBytes)
    const folders = [...sizes].map(([at, bytes]) => ({ path: at, bytes })).sort((x, y) => y.bytes - x.bytes)
    return { device, path, totalBytes: sizeBytes, usedBytes, folders }
  }
  return [
    disk('overlay', '/', containerDiskGb, '/usr/local'),
    ...(persistent === null
      ? []
      : [disk('/dev/volume', persistent.path, persistent.sizeGb, `${persistent.path}/checkpoints`)]),
    ...(network === null
      ? []
      : [
          {
            ...disk(network.volumeId, network.path, 100, `${network.path}/checkpoints`),
            totalBytes: DATA_CENTER_BYTES,
          },
        ]),
  ]
}

/** Bytes by folder, down to the second level below `root`, without what is mounted in it. */
function folderSizes(files: Files, root: string, mounts: readonly string[]): Map<string, number> {
  const sizes = new Map<string, number>([[root, 0]])
  const add = (folder: string, depth: number, above: readonly string[]): void => {
    const own = depth <= 2 ? [...above, folder] : above
    if (!sizes.has(folder) && depth <= 2) sizes.set(folder, 0)
    for (const name of files.list(folder)) {
      const path = folder === '/' ? `/${name}` : `${folder}/${name}`
      if (mounts.includes(path)) continue
      const entry = files.at(path)
      if (entry?.kind === 'folder') add(path, depth + 1, own)
      else if (entry?.kind === 'file')
        for (const each of own)
          sizes.set(each, (sizes.get(each) ?? 0) + (entry.sizeBytes ?? bytesOf(entry).length))
    }
  }
  add(root, 0, [])
  return sizes
}

import * as v from 'valibot'
import type { FolderSize } from '../../../core/disk/disk-reading'
import type { DiskLine } from '../../../core/disk/disk-watch'
import { type UsageDetail, usageDetails } from '../../../core/history/usage'
import type { UsageTable } from '../../../core/history/usage-table'
import type { Pod, PodKey } from '../../../core/pods/pod'
import { podKeySchema, unixMsSchema } from '../field-schemas'

/** What the page of a pod shows besides what is in the snapshot. Null: not known. */
export interface PodDetails extends Pick<
  Pod,
  'vcpuCount' | 'cloud' | 'containerDiskGb' | 'persistentMount' | 'networkMounts' | 'areMountsKnown'
> {
  /** Text to paste into a shell and into `~/.ssh/config`; null while there is no way in. */
  readonly sshCommand: string | null
  readonly sshConfig: string | null
  readonly image: string | null
  /** Such as "8888/http" and "22/tcp"; null if they were not reported. */
  readonly ports: readonly string[] | null
}

/** The part of the contract for the page of a pod. */
export interface PodPageRequests {
  /**
   * The use of a pod from `fromMs` to before `toMs`, Unix ms, at most `MAX_READ_MS`. Fails for an account that is not
   * connected.
   */
  podUsage: (podKey: PodKey, fromMs: number, toMs: number, detail: UsageDetail) => UsageTable
  podDetails: (podKey: PodKey) => PodDetails
  /** How full its disks were in this run of the pod. */
  podDiskLines: (podKey: PodKey) => readonly DiskLine[]
  /** Reads how full its disks are now. */
  readPodDisks: (podKey: PodKey) => void
  /** Measures the largest folders of one of its disks, named by its path; the first one is the disk itself. */
  measureFolders: (podKey: PodKey, path: string) => readonly FolderSize[]
  /** The person says that a pod which nothing here created is theirs. */
  recognizePod: (podKey: PodKey) => void
  /** Opens a port that the pod serves over HTTP in the browser, through Runpod's proxy. The first time that is asked. */
  openPodPort: (podKey: PodKey, port: number) => void
}

export const podPageRequestSchemas = {
  podUsage: v.tuple([podKeySchema, unixMsSchema, unixMsSchema, v.picklist(usageDetails)]),
  podDetails: v.tuple([podKeySchema]),
  podDiskLines: v.tuple([podKeySchema]),
  readPodDisks: v.tuple([podKeySchema]),
  measureFolders: v.tuple([podKeySchema, v.pipe(v.string(), v.maxLength(1_001))]),
  recognizePod: v.tuple([podKeySchema]),
  openPodPort: v.tuple([podKeySchema, v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(65_535))]),
} satisfies { [K in keyof PodPageRequests]: v.GenericSchema<unknown, Parameters<PodPageRequests[K]>> }

import * as v from 'valibot'
import type { GpuReading } from '../../../core/gpus/gpu-reading'
import type { PodKey } from '../../../core/pods/pod'
import { podKeySchema } from '../field-schemas'

/**
 * Whether a reading may connect to the pod: not at all, beside an open terminal and without asking anything, or because
 * a person wants to see its GPUs.
 */
const gpuConnects = ['no', 'beside-terminal', 'yes'] as const
export type GpuConnect = (typeof gpuConnects)[number]

/** `not-shown`: the window is hidden, so nothing was read. */
export type LiveGpusReply =
  | { readonly kind: 'read'; readonly reading: GpuReading }
  | { readonly kind: 'not-connected' }
  | { readonly kind: 'not-shown' }

/** The part of the contract for live GPUs. See docs/product-rules.md#134-live-gpus-snippets-editors. */
export interface GpuRequests {
  /**
   * Reads the GPUs of a pod once, over a connection that stays open for the next reading. `viewer`: the place that shows
   * them, a random word. An unknown host key or a passphrase is asked for in the app's own window. Fails with a sentence,
   * and then the connection is closed.
   */
  readGpus: (podKey: PodKey, viewer: string, connect: GpuConnect) => LiveGpusReply
  /** The place shows them no more. The connection is closed with the last one. */
  closeGpus: (podKey: PodKey, viewer: string) => void
}

const viewer = v.pipe(v.string(), v.minLength(1), v.maxLength(50))

export const gpuRequestSchemas = {
  readGpus: v.tuple([podKeySchema, viewer, v.picklist(gpuConnects)]),
  closeGpus: v.tuple([podKeySchema, viewer]),
} satisfies { [K in keyof GpuRequests]: v.GenericSchema<unknown, Parameters<GpuRequests[K]>> }

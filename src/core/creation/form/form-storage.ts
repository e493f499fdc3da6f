import type { PodTemplate } from '../../pods/catalog'
import type { PodStorage } from '../../pods/pod-request'
import { wholeNumberIn } from './form-lines'
import type { FormContext, PodForm, Report } from './pod-form'

/** Runpod's own limit. */
const MIN_PERSISTENT_GB = 10

export function storageOf(
  { storage, hardware }: PodForm,
  { volumes }: FormContext,
  template: PodTemplate | null,
  report: Report,
): PodStorage {
  switch (storage.kind) {
    case 'none':
      return { kind: 'none' }
    case 'template':
      if (template === null) report('storage', 'Without a template, choose the storage here.')
      return { kind: 'template' }
    case 'persistent': {
      const sizeGb = wholeNumberIn(storage.sizeGb)
      if (hardware === 'cpu') report('storage', 'A CPU pod has no persistent disk; use a network volume.')
      if (sizeGb === null || sizeGb < MIN_PERSISTENT_GB)
        report(
          'storage',
          `Enter a whole number of GB for the persistent disk, at least ${MIN_PERSISTENT_GB}.`,
        )
      return { kind: 'persistent', sizeGb: sizeGb ?? MIN_PERSISTENT_GB, path: pathOf(storage.path, report) }
    }
    case 'network': {
      if (storage.volumeId === '' || volumes?.some(({ id }) => id === storage.volumeId) === false)
        report('storage', 'This network volume doesn’t exist.')
      return { kind: 'network', volumeId: storage.volumeId, path: pathOf(storage.path, report) }
    }
  }
}

function pathOf(text: string, report: Report): string {
  const path = text.trim()
  if (!/^\/[\w./-]{1,200}$/.test(path) || path.includes('..'))
    report('storage', 'Enter an absolute path such as /workspace.')
  return path
}

/** What survives, and what it costs while the pod is stopped: one sentence each for a stop and a terminate. */
export function storageSentences(
  storage: PodStorage,
  template: PodTemplate | null,
): readonly [string, string] {
  const own = storage.kind === 'template' ? (template?.persistent ?? null) : null
  if (storage.kind === 'persistent' || own !== null) {
    const { sizeGb, path } = own ?? (storage as Extract<PodStorage, { kind: 'persistent' }>)
    return [
      `Stopping keeps ${path} (${sizeGb} GB, tied to this machine) and wipes everything else.`,
      `Terminating deletes ${path} too.`,
    ]
  }
  if (storage.kind === 'network')
    return [
      `Stopping keeps ${storage.path} on its network volume and wipes everything else.`,
      `Terminating keeps ${storage.path}; the volume costs money until you delete it.`,
    ]
  return ['Stopping wipes everything in the pod.', 'Terminating deletes everything in the pod.']
}

/** Whether a stop certainly keeps some data. */
export const keepsData = (storage: PodStorage, template: PodTemplate | null): boolean =>
  storage.kind === 'persistent' ||
  storage.kind === 'network' ||
  (storage.kind === 'template' && template?.persistent != null)

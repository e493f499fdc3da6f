import type { PodId } from '../../core/pods/pod'
import type { ProviderError } from '../../core/pods/provider'
import { isObject } from '../../core/base/parse-json'
import { ok, type Result } from '../../core/base/result'
import type { Instant } from '../../core/base/time/time'
import { readPages } from '../http/read-pages'
import { podIdOf } from './parse-pod'
import { type Fields, parseListPage, toCamelCase } from './wire-shape'

/** The pods of a lab, unparsed, by their id. */
export interface ListedPods {
  readonly pods: ReadonlyMap<PodId, Fields>
  readonly isComplete: boolean
  readonly pages: number
}

/** The environment may hold secrets and is not kept. */
function withoutSecrets(fields: Fields): Fields {
  return Object.fromEntries(
    Object.entries(fields).filter(([name]) => name !== 'env' && name !== 'environment'),
  )
}

/** Reads all pages. Pods that name another lab of the key are left out. */
export async function readPodList(
  getPage: (cursor: string | null, maxMs: number) => Promise<Result<unknown, ProviderError>>,
  isOtherLab: (labId: string) => boolean,
  now: () => Instant,
): Promise<Result<ListedPods, ProviderError>> {
  const list = await readPages(getPage, (reply) => parseListPage(reply, 'pods'), now)
  if (!list.ok) return list
  const pods = new Map<PodId, Fields>()
  let { isComplete } = list.value
  for (const entry of list.value.entries) {
    const fields = isObject(entry) ? withoutSecrets(toCamelCase(entry)) : {}
    const id = podIdOf(fields)
    if (id === null) isComplete = false
    else if (!pods.has(id) && !isOtherLab(String(fields['labId']))) pods.set(id, fields)
  }
  return ok({ pods, isComplete, pages: list.value.pages })
}

import { parsePodKey } from '../../../core/pods/pod'
import { useSnapshotStore } from '../../state/window-context'
import type { Draft } from './draft'

/** The name of the pod that a draft is like; empty without one. */
export function useSourceName({ source, prefilled }: Pick<Draft, 'source' | 'prefilled'>): string {
  const name = useSnapshotStore(({ podsByKey }) =>
    source === null ? '' : podsByKey.get(source.podKey)?.name,
  )
  return name ?? prefilled?.configuration?.name ?? (source === null ? '' : parsePodKey(source.podKey).podId)
}

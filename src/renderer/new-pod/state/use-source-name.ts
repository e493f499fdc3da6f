import { parsePodKey } from '../../../core/pods/pod'
import { useSnapshotStore } from '../../state/window-context'
import { newPodText, sourceText } from '../new-pod-text'
import type { Draft } from './draft'

/** The name of the pod that a draft is like; empty without one. */
export function useSourceName({ source, prefilled }: Pick<Draft, 'source' | 'prefilled'>): string {
  const name = useSnapshotStore(({ podsByKey }) =>
    source === null ? '' : podsByKey.get(source.podKey)?.name,
  )
  return name ?? prefilled?.configuration?.name ?? (source === null ? '' : parsePodKey(source.podKey).podId)
}

/** The title of the page: a rebuild is called one. */
export function useDraftTitle(draft: Pick<Draft, 'source' | 'prefilled'>): string {
  const name = useSourceName(draft)
  return draft.source?.isRebuild === true ? sourceText.rebuildOf(name) : newPodText.title
}

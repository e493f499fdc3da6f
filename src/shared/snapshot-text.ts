import type { PodView, Snapshot } from '../core/view/snapshot'

/**
 * A snapshot serialized for a window: JSON with a separate text for each pod, so that a window can compare
 * texts and parse only the pods that changed. As objects, 1,000 pods cost the window a tenth of a second each
 * time. See docs/decisions/0006-snapshots-travel-as-text.md.
 */
export interface SnapshotText {
  readonly pods: readonly string[]
  /** Everything except the pods. */
  readonly rest: string
}

export function serializeSnapshot(snapshot: Snapshot): SnapshotText {
  return {
    pods: snapshot.pods.map((pod) => JSON.stringify(pod)),
    rest: JSON.stringify({ ...snapshot, pods: [] }),
  }
}

/** Parses consecutive snapshots. A pod whose text did not change keeps its object identity. */
export function createSnapshotReader(): (text: SnapshotText) => Snapshot {
  let known = new Map<string, PodView>()
  return ({ pods: texts, rest }) => {
    const pods = texts.map((text) => known.get(text) ?? (JSON.parse(text) as PodView))
    known = new Map(texts.map((text, index) => [text, pods[index] as PodView]))
    return { ...(JSON.parse(rest) as Snapshot), pods }
  }
}

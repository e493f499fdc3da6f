import type { PodView, Snapshot } from '../core/view/snapshot'

/**
 * A snapshot on its way to a window, as JSON: each pod a text of its own, so that a window knows by comparing texts
 * which pods did not change, and reads only the others. As objects, 1,000 pods cost the window a tenth of a second
 * a time; see docs/decisions/0006-snapshots-travel-as-text.md.
 */
export interface SnapshotText {
  readonly pods: readonly string[]
  /** Everything else. */
  readonly rest: string
}

export function writeSnapshot(snapshot: Snapshot): SnapshotText {
  return {
    pods: snapshot.pods.map((pod) => JSON.stringify(pod)),
    rest: JSON.stringify({ ...snapshot, pods: [] }),
  }
}

/** Reads one snapshot after the other; a pod whose text did not change is the same object as before. */
export function createSnapshotReader(): (text: SnapshotText) => Snapshot {
  let known = new Map<string, PodView>()
  return ({ pods: texts, rest }) => {
    const pods = texts.map((text) => known.get(text) ?? (JSON.parse(text) as PodView))
    known = new Map(texts.map((text, index) => [text, pods[index] as PodView]))
    return { ...(JSON.parse(rest) as Snapshot), pods }
  }
}

import type { Snapshot } from '../../../src/core/view/snapshot'
import { serializeSnapshot } from '../../../src/shared/snapshot-text'
import type { BrowserScene } from './scene'

/** Higher than any revision of the app itself, so that none of its own snapshots is shown afterwards. */
let revision = 1_000_000

/** Gives the open windows of a scene a snapshot that the app would need hours or other accounts for. */
export function showSnapshot({ bridge }: BrowserScene, snapshot: Snapshot): void {
  revision += 1
  const held = bridge.holdEvents('snapshot')
  const payloads = held.payloads as unknown[]
  payloads.push(serializeSnapshot({ ...snapshot, revision }))
  held.deliver(payloads.length - 1)
}

import type { Result } from '../base/result'
import type { Clock } from '../base/time/clock'
import { HOUR_MS } from '../base/time/time'
import type { Release, ReleaseFile } from './release-feed'

/** Of the release that is offered. */
export type DownloadState =
  | { readonly kind: 'none' }
  | { readonly kind: 'running'; readonly doneBytes: number; readonly sizeBytes: number }
  /** It is whole and has the hash that the signed feed names. */
  | { readonly kind: 'verified' }
  /** A sentence. */
  | { readonly kind: 'failed'; readonly problem: string }

/** A file that was downloaded and verified. */
export interface VerifiedUpdate {
  readonly version: string
  readonly file: ReleaseFile
  readonly path: string
}

export interface DownloadFailure {
  /** A sentence. */
  readonly problem: string
  /** Whether the same would come of another try: the file is not the one that the feed names. */
  readonly isForeign: boolean
}

/** One download. */
export interface RunningDownload {
  /** The path of the verified file. Never rejects. */
  readonly done: Promise<Result<string, DownloadFailure>>
  readonly cancel: () => void
}

export interface UpdateDownloadOptions {
  readonly clock: Clock
  /** Downloads nothing where the verified file is there. */
  readonly download: (file: ReleaseFile, onBytes: (doneBytes: number) => void) => RunningDownload
  readonly onChange: () => void
}

/** The file of the release that is offered. See docs/product-rules.md#171-download-and-install. */
export interface UpdateDownload {
  readonly state: () => DownloadState
  readonly verified: () => VerifiedUpdate | null
  /** What is offered now; null: nothing, or nothing for this app. */
  readonly offer: (release: Pick<Release, 'version'> | null, file: ReleaseFile | null) => void
  /** Downloads what is offered, unless that runs or is done. */
  readonly begin: () => void
  readonly dispose: () => void
}

const RETRY_MS = HOUR_MS

export function createUpdateDownload({ clock, download, onChange }: UpdateDownloadOptions): UpdateDownload {
  let offered: { readonly version: string; readonly file: ReleaseFile } | null = null
  let state: DownloadState = { kind: 'none' }
  let path = ''
  let cancelRetry = (): void => {}
  let running: RunningDownload | null = null

  function set(next: DownloadState): void {
    state = next
    onChange()
  }

  function reset(): void {
    cancelRetry()
    running?.cancel()
    state = { kind: 'none' }
  }

  async function run(wanted: { readonly file: ReleaseFile }): Promise<void> {
    cancelRetry()
    const { file } = wanted
    const { sizeBytes } = file
    set({ kind: 'running', doneBytes: 0, sizeBytes })
    // Both may write the same file.
    await running?.done
    if (offered !== wanted) return
    running = download(file, (doneBytes) => {
      if (offered !== wanted || state.kind !== 'running') return
      const isVisible = percent(doneBytes, sizeBytes) !== percent(state.doneBytes, sizeBytes)
      if (isVisible) set({ kind: 'running', doneBytes, sizeBytes })
    })
    const done = await running.done
    if (offered !== wanted) return
    if (done.ok) {
      path = done.value
      set({ kind: 'verified' })
      return
    }
    set({ kind: 'failed', problem: done.error.problem })
    if (!done.error.isForeign) cancelRetry = clock.schedule(RETRY_MS, begin)
  }

  function begin(): void {
    if (offered !== null && (state.kind === 'none' || state.kind === 'failed')) void run(offered)
  }

  return {
    state: () => state,
    verified: () => (offered !== null && state.kind === 'verified' ? { ...offered, path } : null),
    offer(release, file) {
      const next = release === null || file === null ? null : { version: release.version, file }
      if (next?.version === offered?.version && next?.file.sha256 === offered?.file.sha256) return
      reset()
      offered = next
    },
    begin,
    dispose() {
      reset()
      offered = null
    },
  }
}

const percent = (doneBytes: number, sizeBytes: number): number => Math.floor((doneBytes / sizeBytes) * 100)

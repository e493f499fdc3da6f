import * as v from 'valibot'
import type { ElectronSupport } from '../../core/updates/electron-support'
import type { ReleaseNotes } from '../../core/updates/release-notes'
import type { UpdateState } from '../../core/updates/update-check'
import type { DownloadState } from '../../core/updates/update-download'
import type { RestartState } from '../../core/updates/update-restart'
import type { UpdateWay } from '../../core/updates/update-way'

export interface UpdatesView {
  /** Of the program that runs. */
  readonly version: string
  /** Of the release that is offered. */
  readonly way: UpdateWay
  readonly state: UpdateState
  readonly download: DownloadState
  readonly restart: RestartState
  readonly electron: { readonly version: string; readonly support: ElectronSupport }
}

/** The part of the contract for updates of Podkeeper. */
export interface UpdateRequests {
  updates: () => UpdatesView
  /** Looks for a newer release now, and returns when that is done. */
  checkForUpdates: () => void
  /** Downloads the newer release, where this app updates itself. */
  downloadUpdate: () => void
  /** Quits, installs the update and starts again, once nothing is under way. */
  restartForUpdate: () => void
  /** Takes that back while it waits. */
  cancelRestart: () => void
  /** Opens the page of the newer release in the browser. */
  openRelease: () => void
  /** The licenses of the packages that this build contains, as text. */
  licenses: () => string
  /** What changed in the version that runs. */
  releaseNotes: () => ReleaseNotes
}

export const updateRequestSchemas = {
  updates: v.tuple([]),
  checkForUpdates: v.tuple([]),
  downloadUpdate: v.tuple([]),
  restartForUpdate: v.tuple([]),
  cancelRestart: v.tuple([]),
  openRelease: v.tuple([]),
  licenses: v.tuple([]),
  releaseNotes: v.tuple([]),
} satisfies { [K in keyof UpdateRequests]: v.GenericSchema<unknown, Parameters<UpdateRequests[K]>> }

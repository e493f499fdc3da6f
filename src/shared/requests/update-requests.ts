import * as v from 'valibot'
import type { UpdateState } from '../../core/updates/update-check'

export interface UpdatesView {
  /** Of the program that runs. */
  readonly version: string
  readonly state: UpdateState
}

/** The part of the contract for updates of Podkeeper. */
export interface UpdateRequests {
  updates: () => UpdatesView
  /** Looks for a newer release now, and returns when that is done. */
  checkForUpdates: () => void
  /** Opens the page of the newer release in the browser. */
  openRelease: () => void
  /** The licenses of the packages that this build contains, as text. */
  licenses: () => string
}

export const updateRequestSchemas = {
  updates: v.tuple([]),
  checkForUpdates: v.tuple([]),
  openRelease: v.tuple([]),
  licenses: v.tuple([]),
} satisfies { [K in keyof UpdateRequests]: v.GenericSchema<unknown, Parameters<UpdateRequests[K]>> }

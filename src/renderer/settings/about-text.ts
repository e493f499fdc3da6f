import { formatBytes, formatDate, formatMoment } from '../../core/base/text/format'
import type { WorkUnderWay } from '../../core/updates/update-restart'
import { updatesText } from '../../core/updates/updates-text'
import type { UpdatesView } from '../../shared/requests/update-requests'

const DAY = { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' } as const

export const aboutText = {
  title: (version: string) => `Podkeeper ${version}`,
  check: 'Check now',
  licenses: 'Licenses',
  couldNotReadLicenses: 'Couldn’t read the licenses',
  openRelease: 'Open release page',
  download: 'Download',
  retry: 'Try again',
  restart: 'Restart and update',
  cancelRestart: 'Cancel restart',
  couldNotRead: 'Couldn’t read whether there is an update',
  couldNotCheck: 'Couldn’t check for updates',
  couldNotDownload: 'Couldn’t download the update',
  couldNotRestart: 'Couldn’t restart for the update',
  checking: 'Checking for updates…',
  noKey: 'Not possible in this build, which has no key to verify updates',
  couldNotOpen: 'Couldn’t open the release page',
} as const

/** What a person should know of the Electron that runs; null: it gets security fixes and has all that are known. */
export function electronText(
  { version, support }: UpdatesView['electron'],
  canUpdate: boolean,
): string | null {
  const next = canUpdate ? 'Update Podkeeper' : 'Get a newer version of Podkeeper when there is one'
  switch (support.kind) {
    case 'supported':
      return null
    case 'test-only':
      return `Its Electron (${version}) gets no more security fixes, so Podkeeper connects only to this computer`
    case 'ended':
      return `Its Electron (${version}) has gotten no security fixes since ${formatDate(support.sinceMs, DAY)}. ${next}`
    case 'behind':
      return `Its Electron (${version}) lacks security fixes of version ${support.safeVersion}. ${next}`
  }
}

/** What is known of newer releases, and how far one is. */
export function updateStateText(view: UpdatesView, nowMs: number): string {
  const { unavailable, isDaily, isChecking, checkedAtMs, problem, newer } = view.state
  if (unavailable === 'no-key') return 'Updates are off: this build was made without a key to verify them'
  if (isChecking) return aboutText.checking
  if (newer !== null) return newerText(view, newer.version)
  if (unavailable === 'demo') return 'Updates aren’t checked in the demo'
  if (problem !== null) return problem
  if (checkedAtMs !== null) return `Up to date, checked ${formatMoment(checkedAtMs, { nowMs })}`
  return isDaily ? 'Not checked yet' : 'Updates aren’t checked'
}

function newerText({ way, download, restart }: UpdatesView, version: string): string {
  if (way === 'apt' || way === 'dnf') return updatesText.available(version, way)
  if (restart.kind === 'restarting') return `Restarting to install version ${version}…`
  if (restart.kind === 'waiting')
    return `Version ${version} will be installed as soon as nothing is under way. Waiting for ${restart.for.map(workText).join(', ')}`
  if (way === 'app' && download.kind === 'running')
    return `Downloading version ${version}: ${formatBytes(download.doneBytes)} of ${formatBytes(download.sizeBytes)}`
  if (way === 'app' && download.kind === 'verified')
    return `Version ${version} is ready. It is installed when you quit Podkeeper`
  if (way === 'app' && download.kind === 'failed')
    return `Version ${version} is available. ${download.problem}`
  return `Version ${version} is available`
}

function workText({ kind, name }: WorkUnderWay): string {
  switch (kind) {
    case 'action':
      return `what you asked of ${name}`
    case 'create':
      return `the creation of ${name}`
    case 'transfer':
      return `files being copied (${name})`
    case 'job-start':
      return `the start of ${name}`
    case 'results':
      return `the results of ${name}`
  }
}

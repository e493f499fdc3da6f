import { formatGb, formatUsd } from '../../core/base/format'
import type { PodDetails } from '../../shared/pod-page-requests'

/** "8888/http" as its number and whether the browser can open it; null for anything else. */
export function parsePort(port: string): { readonly number: number; readonly isHttp: boolean } | null {
  const [, digits = '', kind = ''] = /^(\d{1,5})\/(http|tcp|udp)$/.exec(port) ?? []
  const number = Number(digits)
  return digits !== '' && number > 0 && number < 65_536 ? { number, isHttp: kind === 'http' } : null
}

/** The mounts of a pod, each with what it is. */
export function mountLines(details: PodDetails): readonly { readonly path: string; readonly text: string }[] {
  const lines = details.networkMounts.map(({ path, volumeId }) => ({
    path: path ?? 'Somewhere',
    text: `network volume ${volumeId}`,
  }))
  if (details.persistentMount !== null)
    lines.unshift({
      path: details.persistentMount.path,
      text: `volume, ${formatGb(details.persistentMount.sizeGb)}`,
    })
  return lines
}

/** "7 days, $44.83, of which $3.20 idle". */
export function costSummary(days: number, cents: number, idleUsd: number): string {
  const idle = idleUsd >= 0.005 ? `, of which ${formatUsd(idleUsd)} idle` : ''
  return `${days} days, ${formatUsd(cents / 100)}${idle}`
}

import { plainText } from '../../base/text/plain-text'
import type { InsideReading } from './inside-look'

/** "python3 used 97% of one core; disk 12.4 MB/s, network 0 MB/s". */
export function insideText({ busiest, diskBytesPerS, networkBytesPerS }: InsideReading): string {
  const cpu =
    busiest === null
      ? 'no process used the CPU'
      : `${plainText(busiest.name)} used ${formatCorePercent(busiest.percentOfCore)} of one core`
  const disk = diskBytesPerS === null ? 'unknown' : formatRate(diskBytesPerS)
  return `${cpu}; disk ${disk}, network ${formatRate(networkBytesPerS)}`
}

const formatCorePercent = (percent: number): string =>
  percent > 0 && percent < 1 ? '<1%' : `${Math.round(percent)}%`

function formatRate(bytesPerS: number): string {
  const mb = bytesPerS / 1e6
  return mb > 0 && mb < 0.1 ? '<0.1 MB/s' : `${Number(mb.toFixed(mb < 10 ? 1 : 0))} MB/s`
}

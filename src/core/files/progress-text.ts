import { formatBytes, formatNumber, formatRemaining } from '../base/text/format'
import type { TransferProgress } from './transfer-progress'

/** "1 file", "1,204 files". */
export const filesText = (count: number): string => (count === 1 ? '1 file' : `${formatNumber(count)} files`)

/** Whole percent; a transfer without bytes is complete. */
export const progressPercent = ({ bytesDone, bytesTotal }: TransferProgress): number =>
  bytesTotal === 0 ? 100 : Math.floor((bytesDone / bytesTotal) * 100)

/** "12 of 1,204 files, 1.2 GB of 3.4 GB (35%), 45 MB/s, 48 s left". */
export function copyProgressText(progress: TransferProgress): string {
  const { filesDone, filesTotal, bytesDone, bytesTotal, bytesPerS, remainingMs } = progress
  return [
    ...(filesTotal === 1 ? [] : [`${formatNumber(filesDone)} of ${filesText(filesTotal)}`]),
    `${formatBytes(bytesDone)} of ${formatBytes(bytesTotal)} (${progressPercent(progress)}%)`,
    ...(bytesPerS === null ? [] : [`${formatBytes(bytesPerS)}/s`]),
    ...(remainingMs === null || bytesDone === bytesTotal ? [] : [`${formatRemaining(remainingMs)} left`]),
  ].join(', ')
}

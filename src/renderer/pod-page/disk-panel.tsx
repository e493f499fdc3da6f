import './disk-panel.css'
import { useEffect, useState } from 'react'
import { formatAgo, formatBytes } from '../../core/base/text/format'
import { diskLevel } from '../../core/disk/disk-alerts'
import { type FolderSize, type PodDisk, usedShare } from '../../core/disk/disk-reading'
import {
  diskName,
  diskTitle,
  forecastText,
  MAX_FORECAST_MS,
  sharePercent,
  unreadText,
  usedText,
} from '../../core/disk/disk-text'
import type { DiskLine, DiskView } from '../../core/disk/disk-watch'
import type { PodView } from '../../core/view/snapshot'
import { sparkPaths } from '../pod-model/spark-path'
import { useSingleFlight } from '../state/hooks/use-single-flight'
import { useWindow } from '../state/window-context'
import { Button } from '../ui/button'
import { ClockText } from '../ui/labels/clock-text'
import { diskPanelText } from './disk-panel-text'

/** How full the disks of a running pod are. See docs/product-rules.md#105-disk-space. */
export function DiskPanel({ pod }: { readonly pod: PodView }) {
  const lines = useDiskLines(pod)
  const { bridge, snapshotStore } = useWindow()
  const runOnce = useSingleFlight()
  if (pod.phase !== 'running' || pod.sshRoute === null) return null
  const { disks, unread, obstacle } = pod.disks ?? { disks: [], unread: [], obstacle: null }
  const read = () =>
    runOnce(() => snapshotStore.runRequest(diskPanelText.notReadNow, bridge.readPodDisks(pod.key)))
  return (
    <section className="panel disk-space" aria-label={diskPanelText.title}>
      <header>
        <h2>{diskPanelText.title}</h2>
        <span className="end">
          <Button label={diskPanelText.readOf(pod.name)} onPress={read}>
            {diskPanelText.read}
          </Button>
        </span>
      </header>
      {pod.disks === undefined && <p className="cap">{diskPanelText.notYet}</p>}
      {obstacle !== null && <p className="cap">{diskPanelText.notRead(obstacle)}</p>}
      <ul>
        {disks.map((disk) => (
          <li key={disk.path}>
            <DiskRow disk={disk} line={lines.find(({ path }) => path === disk.path) ?? null} />
            <Folders pod={pod} disk={disk} />
          </li>
        ))}
        {unread.map((disk) => (
          <li key={disk.path}>
            <p>
              <bdi>{diskTitle(disk)}</bdi>
            </p>
            <p className="cap">{unreadText(disk)}.</p>
            {disk.why !== 'not-mounted' && <Folders pod={pod} disk={disk} />}
          </li>
        ))}
      </ul>
    </section>
  )
}

function DiskRow({ disk, line }: { readonly disk: DiskView; readonly line: DiskLine | null }) {
  const { usedBytes, freeBytes, fullInMs, atMs } = disk
  const percent = sharePercent(usedShare(disk))
  const level = diskLevel(disk)
  return (
    <>
      <p className="disk-name">
        <bdi>{diskTitle(disk)}</bdi>
        <strong className={level === null ? '' : level}>{percent}%</strong>
      </p>
      <span className="disk-bar" aria-hidden="true">
        <span className={level ?? ''} style={{ width: `${percent}%` }} />
      </span>
      {line !== null && line.points.length > 1 && <DiskGraph disk={disk} line={line} />}
      <p className="cap">
        {usedText(usedBytes, freeBytes)}
        {fullInMs !== null && fullInMs <= MAX_FORECAST_MS && ` · ${forecastText(fullInMs)}`}
        {' · '}
        <ClockText textAt={(nowMs) => formatAgo(Math.max(0, nowMs - atMs))} />
      </p>
    </>
  )
}

const BOX = { width: 320, height: 36 }

function DiskGraph({ disk, line: { points } }: { readonly disk: DiskView; readonly line: DiskLine }) {
  const [first, last] = [points[0], points.at(-1)]
  if (first === undefined || last === undefined || last.atMs <= first.atMs) return null
  const samples = points.map(({ atMs, usedShare: share }) => ({
    atMs,
    utilPercent: share * 100,
    isIdle: false,
  }))
  const { line, area } = sparkPaths(samples, { ...BOX, startMs: first.atMs, endMs: last.atMs })
  const [from, to] = [sharePercent(first.usedShare), sharePercent(last.usedShare)]
  return (
    <svg
      className="disk-line"
      viewBox={`0 0 ${BOX.width} ${BOX.height}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={diskPanelText.lineOf(diskName(disk), from, to)}
    >
      <path className="area" d={area} />
      <path className="line" d={line} />
    </svg>
  )
}

interface FoldersProps {
  readonly pod: PodView
  readonly disk: Pick<PodDisk, 'kind' | 'path'>
}

/** The largest folders of a disk, measured when a person asks. */
function Folders({ pod, disk }: FoldersProps) {
  const { bridge, snapshotStore } = useWindow()
  const runOnce = useSingleFlight()
  const [folders, setFolders] = useState<readonly FolderSize[] | 'measuring' | null>(null)
  const name = diskName(disk)
  const measure = () =>
    runOnce(async () => {
      setFolders('measuring')
      setFolders(
        await snapshotStore.runRequest(diskPanelText.notMeasured, bridge.measureFolders(pod.key, disk.path)),
      )
    })
  if (folders === null || folders === 'measuring')
    return (
      <p role="status">
        {folders === null ? (
          <Button label={diskPanelText.measureOf(name)} onPress={measure}>
            {diskPanelText.measure}
          </Button>
        ) : (
          <span className="cap">{diskPanelText.measuring}</span>
        )}
      </p>
    )
  const [all, ...inside] = folders
  return (
    <>
      <p className="cap">{diskPanelText.measured(all?.bytes ?? 0)}</p>
      {inside.length === 0 && <p className="cap">{diskPanelText.noFolders}</p>}
      <ol aria-label={diskPanelText.folders(name)}>
        {inside.map(({ path, bytes }) => (
          <li key={path}>
            <bdi>{path}</bdi>
            <span>{formatBytes(bytes)}</span>
          </li>
        ))}
      </ol>
      <Button onPress={() => setFolders(null)}>{diskPanelText.hide}</Button>
    </>
  )
}

const noLines: readonly DiskLine[] = []

/** Read anew with each reading of the disks. */
function useDiskLines({ key, disks }: PodView): readonly DiskLine[] {
  const { bridge } = useWindow()
  const [read, setRead] = useState<{ readonly key: string; readonly lines: readonly DiskLine[] } | null>(null)
  const readAtMs = disks?.disks[0]?.atMs ?? null
  useEffect(() => {
    if (readAtMs === null) return
    let isActive = true
    void bridge
      .podDiskLines(key)
      .catch(() => null)
      .then((answer) => {
        if (isActive && answer?.ok === true) setRead({ key, lines: answer.value })
      })
    return () => {
      isActive = false
    }
  }, [bridge, key, readAtMs])
  return read?.key === key ? read.lines : noLines
}

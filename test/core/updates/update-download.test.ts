import { expect, test } from 'vitest'
import { fail, ok } from '../../../src/core/base/result'
import { HOUR_MS } from '../../../src/core/base/time/time'
import type { ReleaseFile } from '../../../src/core/updates/release-feed'
import {
  createUpdateDownload,
  type DownloadState,
  type RunningDownload,
} from '../../../src/core/updates/update-download'
import { createFakeClock } from '../../harness/base/fake-clock'
import { deferred } from '../../harness/monitor/scripted-provider'

const fileOf = (sha256: string): ReleaseFile => ({ name: 'a.zip', sizeBytes: 1_000, sha256 })
const release = { version: '0.2.0' }

function newWorld() {
  const clock = createFakeClock()
  const runs: {
    readonly file: ReleaseFile
    readonly onBytes: (bytes: number) => void
    isCanceled: boolean
    end: (result: Awaited<RunningDownload['done']>) => Promise<void>
  }[] = []
  const states: DownloadState['kind'][] = []
  const download = createUpdateDownload({
    clock,
    download(file, onBytes) {
      const result = deferred<Awaited<RunningDownload['done']>>()
      const run = {
        file,
        onBytes,
        isCanceled: false,
        async end(value: Awaited<RunningDownload['done']>) {
          result.resolve(value)
          await clock.advanceAsync(0)
        },
      }
      runs.push(run)
      return { done: result.promise, cancel: () => void (run.isCanceled = true) }
    },
    onChange: () => states.push(download.state().kind),
  })
  return { clock, runs, states, download, begin: () => (download.begin(), clock.advanceAsync(0)) }
}

test('what is offered is downloaded once it is wanted, and its progress is told by the percent', async () => {
  const { runs, states, download, begin } = newWorld()
  await begin()
  expect(runs).toEqual([])
  download.offer(release, fileOf('a'))
  expect(download.state()).toEqual({ kind: 'none' })
  await begin()
  await begin()
  expect(runs).toHaveLength(1)
  for (let bytes = 1; bytes <= 1_000; bytes++) runs[0]?.onBytes(bytes)
  expect(states).toHaveLength(1 + 100)
  expect(download.verified()).toBeNull()
  await runs[0]?.end(ok('/updates/a.zip'))
  expect(download.state()).toEqual({ kind: 'verified' })
  expect(download.verified()).toEqual({ version: '0.2.0', file: fileOf('a'), path: '/updates/a.zip' })
  await begin()
  expect(runs).toHaveLength(1)
})

test('a download that failed is repeated after an hour or when a person wants it, unless the file is a foreign one', async () => {
  const { clock, runs, download, begin } = newWorld()
  download.offer(release, fileOf('a'))
  await begin()
  await runs[0]?.end(fail({ problem: 'The download was interrupted.', isForeign: false }))
  expect(download.state()).toEqual({ kind: 'failed', problem: 'The download was interrupted.' })
  await clock.advanceAsync(HOUR_MS)
  expect(runs).toHaveLength(2)
  await runs[1]?.end(fail({ problem: 'It isn’t the file.', isForeign: true }))
  await clock.advanceAsync(24 * HOUR_MS)
  expect(runs).toHaveLength(2)
  await begin()
  expect(runs).toHaveLength(3)
})

test('when another release is offered, or none any more, the download ends and its result counts for nothing', async () => {
  const { runs, download, begin } = newWorld()
  download.offer(release, fileOf('a'))
  await begin()
  download.offer(release, fileOf('a'))
  expect(runs[0]?.isCanceled).toBe(false)
  download.offer({ version: '0.3.0' }, fileOf('b'))
  expect(runs[0]?.isCanceled).toBe(true)
  await begin()
  // Both may write the same file.
  expect(runs).toHaveLength(1)
  await runs[0]?.end(ok('/updates/a.zip'))
  expect(runs).toHaveLength(2)
  expect(download.state().kind).toBe('running')
  await runs[1]?.end(ok('/updates/b.zip'))
  expect(download.verified()).toMatchObject({ version: '0.3.0', path: '/updates/b.zip' })
  download.offer(null, null)
  expect(download.verified()).toBeNull()
  expect(download.state()).toEqual({ kind: 'none' })
})

test('after its end nothing is tried again', async () => {
  const { clock, runs, download, begin } = newWorld()
  download.offer(release, fileOf('a'))
  await begin()
  await runs[0]?.end(fail({ problem: 'The download was interrupted.', isForeign: false }))
  download.dispose()
  await clock.advanceAsync(24 * HOUR_MS)
  expect(runs).toHaveLength(1)
})

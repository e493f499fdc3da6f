import { appendFileSync, mkdirSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { ok } from '../../../src/core/base/result'
import type { TransferProgress } from '../../../src/core/files/transfer-progress'
import { createDownloadSide } from '../../../src/ssh/files/sides/download-side'
import { uploadSide } from '../../../src/ssh/files/sides/upload-side'
import { sftpError } from '../../../src/ssh/files/sftp/sftp-error'
import {
  beginCopying,
  partIn,
  randomFile,
  sha256,
  standingStill,
  startFilePod,
} from '../../harness/ssh/file-pod'

const MB = 1_000_000

/** Calls `onSync` when a file of this computer is about to be written to the disk. */
async function watchLocalSyncs(file: string, onSync: () => void): Promise<void> {
  const handle = await open(file)
  const prototype = Object.getPrototypeOf(handle) as FileHandle
  await handle.close()
  const spy = vi.spyOn(prototype, 'datasync').mockImplementation(function (this: FileHandle) {
    onSync()
    return this.sync()
  })
  onTestFinished(() => spy.mockRestore())
}

describe.each(['up', 'down'] as const)('a transfer %s', (direction) => {
  const prepare = async (config?: readonly string[]) => {
    const files = await startFilePod(config === undefined ? {} : { config })
    const [from, to] = direction === 'up' ? [files.local, files.pod] : [files.pod, files.local]
    return { files, from, to, copy: files[direction] }
  }

  it('continues where the startup files of a shell lead elsewhere', async () => {
    const config = [
      'ForceCommand case "$SSH_ORIGINAL_COMMAND" in sh) cd /tmp; exec /bin/sh;; *) exec /usr/lib/openssh/sftp-server;; esac',
      'Subsystem sftp /usr/lib/openssh/sftp-server',
    ]
    const { files, from, to, copy } = await prepare(config)
    const { sftp, close } = await files.session()
    const home = await sftp.realpath('.')
    close()
    writeFileSync(join(from, 'model'), randomFile(24 * MB))
    // A path on a pod begins at the home folder.
    const source = direction === 'up' ? join(from, 'model') : relative(home, join(from, 'model'))
    const destination = direction === 'up' ? relative(home, to) : to
    await beginCopying(files, direction, source, destination)
    expect(await copy([source], destination)).toMatchObject({ ok: true, value: { copied: 1, failed: [] } })
    expect(sha256(join(to, 'model'))).toBe(sha256(join(from, 'model')))
    expect(readdirSync(to)).toEqual(['model'])
  })

  it('closes each file on the pod once, because the server gives its number to another one', async () => {
    const { files, from, to, copy } = await prepare()
    writeFileSync(join(from, 'changing'), randomFile(20 * MB))
    writeFileSync(join(from, 'calm'), 'x')
    let [opened, closed] = [0, 0]
    const result = await copy([join(from, 'changing'), join(from, 'calm')], to, {
      async open() {
        const session = await files.session()
        const { sftp } = session
        const counted = <T>(handle: Promise<T>): Promise<T> => {
          opened += 1
          return handle
        }
        return ok({
          ...session,
          sftp: {
            ...sftp,
            openToRead: (path) => counted(sftp.openToRead(path)),
            openToWrite: (path, how) => counted(sftp.openToWrite(path, how)),
            closeHandle(handle) {
              closed += 1
              return sftp.closeHandle(handle)
            },
          },
        })
      },
      onPlan: () => {
        appendFileSync(join(from, 'changing'), 'more')
        return null
      },
    })
    expect(result).toMatchObject({ ok: true, value: { copied: 1, failed: [{ path: 'changing' }] } })
    expect(opened).toBe(2)
    expect(closed).toBe(2)
  })

  it('has each file on the disk before it has its name', async () => {
    const { files, from, to, copy } = await prepare()
    for (const name of ['a', 'b']) writeFileSync(join(from, name), `content of ${name}`)
    const named: string[][] = []
    const noteNames = (): void => void named.push(readdirSync(to).filter((name) => !name.startsWith('.')))
    let [synced, syncedHere] = [0, 0]
    await watchLocalSyncs(join(from, 'a'), () => {
      syncedHere += 1
      noteNames()
    })
    const result = await copy([join(from, 'a'), join(from, 'b')], to, {
      async open() {
        const session = await files.session()
        const sync: typeof session.sftp.sync = (written) => {
          synced += 1
          noteNames()
          return session.sftp.sync(written)
        }
        return ok({ ...session, sftp: { ...session.sftp, sync } })
      },
    })
    expect(result).toMatchObject({ ok: true, value: { copied: 2 } })
    expect(direction === 'up' ? synced : syncedHere).toBe(2)
    expect(named.flat().length).toBeLessThan(2)
  })

  it('keeps the time of a part that is compared and stored new, so that nobody takes it for left behind', async () => {
    const { files, from, to, copy } = await prepare()
    const model = join(from, 'model')
    writeFileSync(model, randomFile(24 * MB))
    utimesSync(model, 1_000_000_000, 1_000_000_000)
    await beginCopying(files, direction, model, to)
    const seen: [string, number][] = []
    const note = (step: string): void => void seen.push([step, statSync(join(to, partIn(to))).mtimeMs])
    await watchLocalSyncs(model, () => note('sync'))
    const result = await copy([model], to, {
      async open() {
        const session = await files.session()
        return ok({
          ...session,
          hashFile(path) {
            note('hash')
            return session.hashFile(path)
          },
          sftp: {
            ...session.sftp,
            sync(handle) {
              note('sync')
              return session.sftp.sync(handle)
            },
          },
        })
      },
    })
    expect(result).toMatchObject({ ok: true, value: { copied: 1 } })
    expect(statSync(join(to, 'model')).mtimeMs).toBe(1_000_000_000_000)
    expect(seen.map(([step]) => step)).toEqual(['hash', 'sync'])
    for (const [, mtimeMs] of seen) expect(mtimeMs).toBeGreaterThan(1_000_000_000_000)
  })

  it('lists a folder for parts only once, also where that fails', async () => {
    const { from, to, copy } = await prepare()
    mkdirSync(join(from, 'many'))
    for (let at = 0; at < 200; at += 1) writeFileSync(join(from, `many/${at}`), 'x')
    let listed = 0
    const side = {
      ...(direction === 'up' ? uploadSide : createDownloadSide()),
      namesIn() {
        listed += 1
        return Promise.reject(sftpError('too-many'))
      },
    }
    expect(await copy([join(from, 'many')], to, { side })).toMatchObject({ ok: true, value: { copied: 200 } })
    expect(listed).toBe(1)
  })

  it('that is canceled says what it copied', async () => {
    const { files, from, to, copy } = await prepare()
    writeFileSync(join(from, 'small'), 'x')
    writeFileSync(join(from, 'model'), randomFile(24 * MB))
    const controller = new AbortController()
    const { options, reached, release } = standingStill(files)
    let read: (() => TransferProgress) | null = null
    const copying = copy([join(from, 'small'), join(from, 'model')], to, {
      ...options,
      signal: controller.signal,
      onPlan(_plan, progress) {
        read = progress
        return null
      },
    })
    await reached
    await expect.poll(() => read?.().filesDone).toBe(1)
    controller.abort()
    release()
    expect(await copying).toMatchObject({
      ok: false,
      error: { kind: 'aborted', summary: { copied: 1, same: 0, bytes: 1, failed: [] } },
    })
  })

  it('that is canceled while it reconnects copies nothing more', async () => {
    const { files, from, to, copy } = await prepare()
    writeFileSync(join(from, 'file'), 'x')
    const controller = new AbortController()
    let [opened, closed] = [0, 0]
    const lose = () => Promise.reject(sftpError('lost'))
    const result = await copy([join(from, 'file')], to, {
      signal: controller.signal,
      async open() {
        const session = await files.session()
        opened += 1
        if (opened === 2) controller.abort()
        return ok({
          ...session,
          sftp: opened === 1 ? { ...session.sftp, openToRead: lose, openToWrite: lose } : session.sftp,
          close() {
            closed += 1
            session.close()
          },
        })
      },
    })
    expect(result).toMatchObject({ ok: false, error: { kind: 'aborted' } })
    expect(readdirSync(to)).toEqual([])
    expect([opened, closed]).toEqual([2, 2])
  })
})

it('a file that changes within a second while it is copied to a pod gets no name', async () => {
  const { local, pod, up } = await startFilePod()
  const model = join(local, 'model')
  writeFileSync(model, randomFile(24 * MB))
  utimesSync(model, 1_600_000_000.25, 1_600_000_000.25)
  const result = await up([model], pod, {
    onPlan: (_plan, progress) => {
      const timer = setInterval(() => {
        if (progress().bytesDone < 4 * MB) return
        clearInterval(timer)
        writeFileSync(model, randomFile(24 * MB))
        utimesSync(model, 1_600_000_000.75, 1_600_000_000.75)
      }, 1)
      return null
    },
  })
  expect(result).toMatchObject({
    ok: true,
    value: { failed: [{ path: 'model', reason: expect.stringMatching(/while it was copied/) }] },
  })
  expect(readdirSync(pod)).not.toContain('model')
})

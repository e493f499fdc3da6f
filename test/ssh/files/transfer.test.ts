import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { modeText } from '../../../src/core/files/file-entry'
import { listRemoteFolder } from '../../../src/ssh/files/sides/remote-files'
import { randomFile, sha256, startFilePod } from '../../harness/ssh/file-pod'

const MB = 1_000_000

describe('a folder', () => {
  it('goes to the pod and back with names, contents, times, permissions and inner links', async () => {
    const { pod, local, up, down } = await startFilePod()
    const names = [
      'plain',
      'two words',
      `it's "quoted" $HOME \`id\` \\n`,
      'line\nfeed',
      '🧪 émoji',
      '-rf',
      '*?[a]',
      ' ',
    ]
    const source = join(local, 'data')
    mkdirSync(join(source, 'inner folder', 'empty'), { recursive: true })
    for (const name of names) writeFileSync(join(source, name), `content of ${name}`)
    const undecodable = Buffer.concat([Buffer.from(`${source}/`), Buffer.from([0xff, 0x66, 0xfe])])
    writeFileSync(undecodable, 'bytes')
    writeFileSync(join(source, 'inner folder', 'program'), '#!/bin/sh', { mode: 0o755 })
    writeFileSync(join(source, 'inner folder', 'private'), '', { mode: 0o600 })
    symlinkSync('../plain', join(source, 'inner folder', 'link'))
    utimesSync(join(source, 'plain'), 1_600_000_000, 1_600_000_000)

    expect(await up([source], pod)).toMatchObject({ ok: true, value: { copied: 12, same: 0, failed: [] } })
    mkdirSync(join(local, 'back'))
    expect(await down([join(pod, 'data')], join(local, 'back'))).toMatchObject({
      ok: true,
      value: { copied: 12, same: 0, failed: [] },
    })
    for (const copied of [join(pod, 'data'), join(local, 'back', 'data')]) {
      expect(readdirSync(copied, 'buffer').map(String).sort()).toEqual(
        readdirSync(source, 'buffer').map(String).sort(),
      )
      for (const name of names) expect(readFileSync(join(copied, name), 'utf8')).toBe(`content of ${name}`)
      expect(
        readFileSync(Buffer.concat([Buffer.from(`${copied}/`), Buffer.from([0xff, 0x66, 0xfe])]), 'utf8'),
      ).toBe('bytes')
      expect(lstatSync(join(copied, 'inner folder/program')).mode & 0o777).toBe(0o755)
      expect(lstatSync(join(copied, 'inner folder/private')).mode & 0o777).toBe(0o600)
      expect(lstatSync(join(copied, 'inner folder/empty')).isDirectory()).toBe(true)
      expect(readlinkSync(join(copied, 'inner folder/link'))).toBe('../plain')
      expect(lstatSync(join(copied, 'plain')).mtimeMs).toBe(1_600_000_000_000)
    }
    expect(await up([source], pod)).toMatchObject({ ok: true, value: { copied: 0, same: 12, failed: [] } })
  })
})

describe('a large file', () => {
  it.each(['up', 'down'] as const)(
    'that is cut in the middle continues where it was (%s), with an equal hash',
    async (direction) => {
      const files = await startFilePod()
      const { pod, local, relay } = files
      const [from, to] = direction === 'up' ? [local, pod] : [pod, local]
      writeFileSync(join(from, 'model'), randomFile(24 * MB))
      const lost: string[] = []
      let cuts = 0
      const copying = files[direction]([join(from, 'model')], to, {
        relayed: true,
        onConnection: (state) => lost.push(state),
        onPlan: (_plan, progress) => {
          const timer = setInterval(() => {
            if (progress().bytesDone < (cuts + 1) * 6 * MB) return
            cuts += 1
            relay.cut()
            if (cuts === 2) clearInterval(timer)
          }, 1)
          return null
        },
      })
      expect(await copying).toMatchObject({ ok: true, value: { copied: 1, bytes: 24 * MB, failed: [] } })
      expect(lost).toEqual(['lost', 'back', 'lost', 'back'])
      expect(sha256(join(to, 'model'))).toBe(sha256(join(from, 'model')))
      expect(readdirSync(to)).toEqual(['model'])
    },
  )
})

it('a folder of a pod is listed with kinds, sizes, permissions and the targets of links', async () => {
  const { pod, session } = await startFilePod()
  mkdirSync(join(pod, 'folder'), { mode: 0o750 })
  writeFileSync(join(pod, 'program'), '#!/bin/sh', { mode: 0o755 })
  symlinkSync('/nowhere at all', join(pod, 'link'))
  const { sftp, close } = await session()
  const found = await listRemoteFolder(sftp, pod)
  expect(
    found.map((entry) => `${modeText(entry)} ${entry.sizeBytes} ${entry.path} ${entry.target}`).sort(),
  ).toEqual(['-rwxr-xr-x 9 program null', 'drwxr-x--- 0 folder null', 'lrwxrwxrwx 0 link /nowhere at all'])
  await expect(listRemoteFolder(sftp, join(pod, 'missing'))).rejects.toMatchObject({ kind: 'no-such-file' })
  close()
})

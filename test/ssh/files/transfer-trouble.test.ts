import {
  appendFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { beginCopying, randomFile, sha256, startFilePod } from '../../harness/ssh/file-pod'

const MB = 1_000_000

describe.each(['up', 'down'] as const)('a transfer %s', (direction) => {
  const prepare = async (config?: readonly string[]) => {
    const files = await startFilePod(config === undefined ? {} : { config })
    const [from, to] = direction === 'up' ? [files.local, files.pod] : [files.pod, files.local]
    return { files, from, to, copy: files[direction] }
  }

  it('that was canceled leaves a part, no file of the name, and continues from there', async () => {
    const { files, from, to, copy } = await prepare()
    writeFileSync(join(from, 'model'), randomFile(24 * MB))
    await beginCopying(files, direction, join(from, 'model'), to)
    const [part = '', ...others] = readdirSync(to)
    expect(part).toMatch(/^\.podkeeper-[0-9a-f]{56}\.part$/)
    expect(others).toEqual([])
    const there: number[] = []
    const result = await copy([join(from, 'model')], to, {
      onPlan: (_plan, progress) => {
        const timer = setInterval(() => {
          if (progress().bytesDone === 0) return
          clearInterval(timer)
          there.push(progress().bytesDone)
        })
        return null
      },
    })
    expect(result).toMatchObject({ ok: true, value: { copied: 1 } })
    expect(there[0]).toBeGreaterThan(3 * MB)
    expect(sha256(join(to, 'model'))).toBe(sha256(join(from, 'model')))
    expect(readdirSync(to)).toEqual(['model'])
  })

  it('begins again where the part is not the beginning of the file', async () => {
    const { files, from, to, copy } = await prepare()
    writeFileSync(join(from, 'model'), randomFile(24 * MB))
    await beginCopying(files, direction, join(from, 'model'), to)
    const [part = ''] = readdirSync(to)
    const bytes = readFileSync(join(to, part))
    bytes.writeUInt8(bytes.readUInt8(1_000) ^ 1, 1_000)
    writeFileSync(join(to, part), bytes)
    expect(await copy([join(from, 'model')], to)).toMatchObject({
      ok: true,
      value: { copied: 1, bytes: 24 * MB, failed: [] },
    })
    expect(sha256(join(to, 'model'))).toBe(sha256(join(from, 'model')))
  })

  it('begins again, and removes the part, when the file is another one by now', async () => {
    const { files, from, to, copy } = await prepare()
    writeFileSync(join(from, 'model'), randomFile(24 * MB))
    await beginCopying(files, direction, join(from, 'model'), to)
    appendFileSync(join(from, 'model'), 'more')
    expect(await copy([join(from, 'model')], to)).toMatchObject({
      ok: true,
      value: { copied: 1, failed: [] },
    })
    expect(sha256(join(to, 'model'))).toBe(sha256(join(from, 'model')))
    expect(readdirSync(to)).toEqual(['model'])
  })

  it('takes no part that nobody can compare', async () => {
    const config = [
      'ForceCommand case "$SSH_ORIGINAL_COMMAND" in sh) PATH=/nowhere exec /bin/sh;; *) exec /usr/lib/openssh/sftp-server;; esac',
      'Subsystem sftp /usr/lib/openssh/sftp-server',
    ]
    const { files, from, to, copy } = await prepare(config)
    writeFileSync(join(from, 'model'), randomFile(24 * MB))
    await beginCopying(files, direction, join(from, 'model'), to)
    const [part = ''] = readdirSync(to)
    const bytes = readFileSync(join(to, part))
    bytes.writeUInt8(bytes.readUInt8(1_000) ^ 1, 1_000)
    writeFileSync(join(to, part), bytes)
    expect(await copy([join(from, 'model')], to)).toMatchObject({
      ok: true,
      value: { copied: 1, failed: [] },
    })
    expect(sha256(join(to, 'model'))).toBe(sha256(join(from, 'model')))
  })

  it('replaces a file, and nothing else of its name', async () => {
    const { from, to, copy } = await prepare()
    for (const name of ['file', 'folder', 'link']) writeFileSync(join(from, name), `new ${name}`)
    writeFileSync(join(to, 'file'), 'old and longer')
    mkdirSync(join(to, 'folder'))
    symlinkSync('file', join(to, 'link'))
    const sources = ['file', 'folder', 'link'].map((name) => join(from, name))
    const result = await copy(sources, to)
    expect(result.ok && result.value.failed.map(({ path, reason }) => [path, reason])).toEqual([
      ['folder', 'a folder has its name there'],
      ['link', 'a link has its name there'],
    ])
    expect(readFileSync(join(to, 'file'), 'utf8')).toBe('new file')
    expect(readdirSync(to).sort()).toEqual(['file', 'folder', 'link'])
  })

  it('takes a file of the same size and time for the same, unless it should not', async () => {
    const { from, to, copy } = await prepare()
    writeFileSync(join(from, 'file'), 'one')
    writeFileSync(join(to, 'file'), 'two')
    for (const folder of [from, to]) utimesSync(join(folder, 'file'), 1_600_000_000, 1_600_000_000)
    expect(await copy([join(from, 'file')], to)).toMatchObject({ ok: true, value: { copied: 0, same: 1 } })
    expect(await copy([join(from, 'file')], to, { resumes: false })).toMatchObject({
      ok: true,
      value: { copied: 1 },
    })
    expect(readFileSync(join(to, 'file'), 'utf8')).toBe('one')
  })

  it('gives a single source another name, and several only a folder', async () => {
    const { from, to, copy } = await prepare()
    mkdirSync(join(from, 'folder'))
    writeFileSync(join(from, 'folder/file'), 'x')
    expect(await copy([join(from, 'folder')], join(to, 'renamed'))).toMatchObject({ ok: true })
    expect(readFileSync(join(to, 'renamed/file'), 'utf8')).toBe('x')
    expect(await copy([join(from, 'folder/file')], join(to, 'other'))).toMatchObject({ ok: true })
    expect(readFileSync(join(to, 'other'), 'utf8')).toBe('x')
    for (const [sources, destination] of [
      [[join(from, 'folder'), join(from, 'folder/file')], join(to, 'nowhere')],
      [[join(from, 'folder')], join(to, 'other')],
      [[join(from, 'folder')], join(to, 'nowhere', 'deeper')],
      [[join(from, 'missing')], to],
    ] as const)
      expect(await copy(sources, destination)).toMatchObject({ ok: false, error: { kind: 'failed' } })
    expect(readdirSync(to).sort()).toEqual(['other', 'renamed'])
  })

  it('copies what it can, and names what is neither file nor folder', async () => {
    const { from, to, copy } = await prepare()
    mkdirSync(join(from, 'folder'))
    writeFileSync(join(from, 'folder/file'), 'x')
    execFileSync('mkfifo', [join(from, 'folder/fifo')])
    expect(await copy([join(from, 'folder')], to)).toMatchObject({
      ok: true,
      value: { copied: 1, failed: [{ path: 'folder/fifo', reason: 'it is neither file nor folder' }] },
    })
  })

  it('fails on a file that changes meanwhile, and gives it no name', async () => {
    const { from, to, copy } = await prepare()
    writeFileSync(join(from, 'growing'), randomFile(20 * MB))
    writeFileSync(join(from, 'shrinking'), randomFile(20 * MB))
    const result = await copy([join(from, 'growing'), join(from, 'shrinking')], to, {
      onPlan: () => {
        appendFileSync(join(from, 'growing'), 'more')
        truncateSync(join(from, 'shrinking'), 10 * MB)
        return null
      },
    })
    expect(
      result.ok && Object.fromEntries(result.value.failed.map(({ path, reason }) => [path, reason])),
    ).toEqual({
      growing: 'it changed while it was copied',
      shrinking: expect.stringMatching(/^it became shorter/),
    })
    expect(readdirSync(to).filter((name) => !name.startsWith('.podkeeper-'))).toEqual([])
  })

  it.each([
    ['is not set up for SFTP', []],
    [
      'prints a greeting first',
      [
        'Subsystem sftp /usr/lib/openssh/sftp-server',
        'ForceCommand echo Welcome; eval "$SSH_ORIGINAL_COMMAND"',
      ],
    ],
  ])('works with a server that %s', async (_, config) => {
    const { from, to, copy } = await prepare(config)
    writeFileSync(join(from, 'file'), 'x')
    expect(await copy([join(from, 'file')], to)).toMatchObject({ ok: true, value: { copied: 1 } })
    expect(readFileSync(join(to, 'file'), 'utf8')).toBe('x')
  })

  it('is refused after its plan, and writes nothing', async () => {
    const { from, to, copy } = await prepare()
    writeFileSync(join(from, 'file'), 'x')
    const result = await copy([join(from, 'file')], to, { onPlan: ({ totalBytes }) => `No: ${totalBytes}.` })
    expect(result).toMatchObject({ ok: false, error: { kind: 'failed', message: 'No: 1.' } })
    expect(readdirSync(to)).toEqual([])
  })

  it('ends when the pod stays away', async () => {
    const { files, from, to, copy } = await prepare()
    writeFileSync(join(from, 'model'), randomFile(24 * MB))
    let opened = 0
    const result = await copy([join(from, 'model')], to, {
      open: (signal) => files.open((opened += 1) === 1 ? files.relay.port : 1, signal),
      onPlan: (_plan, progress) => {
        const timer = setInterval(() => {
          if (progress().bytesDone < 4 * MB) return
          clearInterval(timer)
          files.relay.cut()
        }, 1)
        return null
      },
    })
    expect(result).toMatchObject({ ok: false, error: { kind: 'unreachable' } })
    expect(opened).toBe(4)
    expect(readdirSync(to).filter((name) => !name.startsWith('.podkeeper-'))).toEqual([])
  })
})

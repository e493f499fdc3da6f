import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createDownloadSide } from '../../../src/ssh/files/sides/download-side'
import type { TransferSide } from '../../../src/ssh/files/sides/transfer-side'
import { uploadSide } from '../../../src/ssh/files/sides/upload-side'
import {
  type FilePod,
  HELD_AT,
  partIn,
  randomFile,
  sha256,
  standingStill,
  startFilePod,
} from '../../harness/ssh/file-pod'

const MB = 1_000_000
const FILE_BYTES = 2 * HELD_AT

describe.each(['up', 'down'] as const)('transfers %s of one file', (direction) => {
  const sideOf = () => (direction === 'up' ? uploadSide : createDownloadSide())
  const prepare = async () => {
    const files = await startFilePod()
    const [from, to] = direction === 'up' ? [files.local, files.pod] : [files.pod, files.local]
    const [model, copied] = [join(from, 'model'), join(to, 'model')]
    writeFileSync(model, randomFile(FILE_BYTES))
    const copy: FilePod['up'] = (...args) => files[direction](...args)

    /** Leaves a part behind, and returns its name. */
    async function leavePart(): Promise<string> {
      const controller = new AbortController()
      const { options, reached, release } = standingStill(files)
      const copying = copy([model], to, { ...options, signal: controller.signal })
      await reached
      // All that was on its way has arrived.
      await expect.poll(() => statSync(join(to, partIn(to))).size).toBeGreaterThanOrEqual(HELD_AT)
      controller.abort()
      release()
      expect(await copying).toMatchObject({ ok: false, error: { kind: 'aborted' } })
      return partIn(to)
    }
    return { files, from, to, model, copied, copy, leavePart }
  }

  it.each([true, false])('at a time are both whole (the second one resumes: %s)', async (resumes) => {
    const { files, to, model, copied, copy } = await prepare()
    const [one, other] = [standingStill(files), standingStill(files)]
    const first = copy([model], to, one.options)
    await one.reached
    const second = copy([model], to, { ...other.options, resumes })
    await other.reached
    one.release()
    expect(await first).toMatchObject({ ok: true, value: { copied: 1, failed: [] } })
    expect(sha256(copied)).toBe(sha256(model))
    other.release()
    expect(await second).toMatchObject({ ok: true, value: { copied: 1, failed: [] } })
    expect(sha256(copied)).toBe(sha256(model))
    expect(readdirSync(to)).toEqual(['model'])
  })

  it('begin with what one of them left behind, which only one of them takes', async () => {
    const { files, to, model, copied, copy, leavePart } = await prepare()
    await leavePart()
    let taken = 0
    const side = sideOf()
    const begin = () => {
      const standing = standingStill(files)
      const copying = copy([model], to, {
        ...standing.options,
        side: {
          ...side,
          async rename(...args) {
            await side.rename(...args)
            taken += 1
          },
        },
      })
      return { ...standing, copying }
    }
    const both = [begin(), begin()]
    for (const { reached } of both) await reached
    for (const { release } of both) release()
    for (const { copying } of both) expect(await copying).toMatchObject({ ok: true, value: { failed: [] } })
    expect(taken).toBe(1)
    expect(sha256(copied)).toBe(sha256(model))
    expect(readdirSync(to)).toEqual(['model'])
  })

  it('take nothing that another computer wrote a moment ago, and what it left 10 min ago', async () => {
    const { to, model, copied, copy, leavePart } = await prepare()
    const part = await leavePart()
    const others = `${part.slice(0, -'.part'.length - 24)}ffffffff${part.slice(-'.part'.length - 16)}`
    renameSync(join(to, part), join(to, others))
    const { size } = statSync(join(to, others))
    expect(await copy([model], to)).toMatchObject({ ok: true, value: { copied: 1 } })
    expect(readdirSync(to).sort()).toEqual([others, 'model'])
    expect(statSync(join(to, others)).size).toBe(size)
    rmSync(copied)
    const longAgoS = Date.now() / 1_000 - 601
    utimesSync(join(to, others), longAgoS, longAgoS)
    expect(await copy([model], to)).toMatchObject({ ok: true, value: { copied: 1 } })
    expect(readdirSync(to)).toEqual(['model'])
    expect(sha256(copied)).toBe(sha256(model))
  })

  it('take nothing of a process that runs, and at once what one left that has ended', async () => {
    const { to, model, copied, copy, leavePart } = await prepare()
    const part = await leavePart()
    const partOf = (pid: number): string => {
      const process_ = pid.toString(16).padStart(8, '0')
      return `${part.slice(0, -'.part'.length - 16)}${process_}00000000.part`
    }
    const [running, ended] = [partOf(process.ppid), partOf(spawnSync('true').pid)]
    renameSync(join(to, part), join(to, running))
    expect(await copy([model], to)).toMatchObject({ ok: true, value: { copied: 1 } })
    expect(readdirSync(to).sort()).toEqual([running, 'model'])
    renameSync(join(to, running), join(to, ended))
    rmSync(copied)
    let taken = 0
    const side = sideOf()
    const rename: TransferSide['rename'] = async (...args) => {
      await side.rename(...args)
      taken += 1
    }
    expect(await copy([model], to, { side: { ...side, rename } })).toMatchObject({ value: { copied: 1 } })
    expect(taken).toBe(1)
    expect(readdirSync(to)).toEqual(['model'])
    expect(sha256(copied)).toBe(sha256(model))
  })

  it('need no space for what is there', async () => {
    const { from, to, model, copied, copy, leavePart } = await prepare()
    const small = join(from, 'small')
    mkdirSync(small)
    for (let at = 0; at < 50; at += 1) writeFileSync(join(small, String(at)), randomFile(40_000))
    expect(await copy([small], to)).toMatchObject({ ok: true })
    const part = await leavePart()
    const blocks = 50 * (40_960 - 40_000 + 4_096) + 3 * 4_096
    const needed = blocks + FILE_BYTES - statSync(join(to, part)).size
    const withFree = (freeBytes: number) =>
      copy([small, model], to, { side: { ...sideOf(), freeBytes: () => Promise.resolve(freeBytes) } })
    expect(await withFree(100 * MB + needed - 20_000)).toMatchObject({ ok: false, error: { kind: 'failed' } })
    expect(await withFree(100 * MB + needed + 20_000)).toMatchObject({ ok: true, value: { failed: [] } })
    expect(sha256(copied)).toBe(sha256(model))
  })
})

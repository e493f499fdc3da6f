import { readdir, readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Figure } from '../figure'

const OUT = resolve(import.meta.dirname, '../../out')
const figure = (name: string, bytes: number): Figure => ({
  group: 'app',
  name,
  unit: 'kB',
  value: bytes / 1_000,
  spread: null,
  baseline: null,
  beside: null,
  goal: null,
})

/** How much code the app carries: main, preload, and what the windows load. */
export async function sizeFigures(): Promise<readonly Figure[]> {
  const main = await readFile(join(OUT, 'main/index.js'))
  const preload = await readFile(join(OUT, 'preload/index.js'))
  const assets = join(OUT, 'renderer/assets')
  const names = await readdir(assets)
  const of = async (ending: string): Promise<Buffer[]> =>
    Promise.all(names.filter((name) => name.endsWith(ending)).map((name) => readFile(join(assets, name))))
  const scripts = await of('.js')
  const styles = await of('.css')
  return [
    figure('main bundle', main.length),
    figure('preload bundle', preload.length),
    figure('scripts of the windows', sum(scripts)),
    figure('scripts of the windows, gzipped', sum(scripts.map((one) => gzipSync(one)))),
    figure('styles of the windows', sum(styles)),
  ]
}

const sum = (files: readonly Buffer[]): number => files.reduce((total, { length }) => total + length, 0)

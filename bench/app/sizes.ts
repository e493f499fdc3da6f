import { readdir, readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { gzipSync } from 'node:zlib'
import { figuresOf, type Measurement } from '../measurement'

const OUT = resolve(import.meta.dirname, '../../out')
const measurement = (name: string, bytes: number, atMostKb?: number): Measurement =>
  figuresOf('app')(
    name,
    'kB',
    bytes / 1_000,
    atMostKb === undefined ? {} : { goal: { kind: 'value', atMost: atMostKb } },
  )

/** How much code the app ships: main, preload, and what the windows load. */
export async function measureSizes(): Promise<readonly Measurement[]> {
  const main = await readFile(join(OUT, 'main/index.js'))
  const preload = await readFile(join(OUT, 'preload/index.js'))
  const assets = join(OUT, 'renderer/assets')
  const names = await readdir(assets)
  const of = async (ending: string): Promise<Buffer[]> =>
    Promise.all(names.filter((name) => name.endsWith(ending)).map((name) => readFile(join(assets, name))))
  const scripts = await of('.js')
  const styles = await of('.css')
  return [
    measurement('main bundle', main.length),
    measurement('preload bundle', preload.length),
    measurement('scripts of the windows', sum(scripts)),
    measurement('scripts of the windows, gzipped', sum(scripts.map((one) => gzipSync(one)))),
    measurement('styles of the windows', sum(styles)),
    measurement('scripts that the main window starts with', await startBytes('window.html'), 693),
    measurement('scripts that the popover starts with', await startBytes('index.html'), 635),
  ]
}

/** The scripts that a page names: its own, and those that it imports before it starts. */
async function startBytes(page: string): Promise<number> {
  const html = await readFile(join(OUT, 'renderer', page), 'utf8')
  const names = [...html.matchAll(/(?:src|href)="\.\/(assets\/[^"]+\.js)"/g)].map(([, name = '']) => name)
  return sum(await Promise.all(names.map((name) => readFile(join(OUT, 'renderer', name)))))
}

const sum = (files: readonly Buffer[]): number => files.reduce((total, { length }) => total + length, 0)

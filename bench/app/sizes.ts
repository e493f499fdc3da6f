import { readdir, readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { gzipSync } from 'node:zlib'
import { countsOf, figuresOf, type Measurement } from '../measurement'

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
  const ofMain = (await readdir(join(OUT, 'main'))).filter((name) => /^(index|start-app-.*)\.js$/.test(name))
  const main = await Promise.all(ofMain.map((name) => readFile(join(OUT, 'main', name))))
  const preload = await readFile(join(OUT, 'preload/index.js'))
  const assets = join(OUT, 'renderer/assets')
  const names = await readdir(assets)
  const of = async (ending: string): Promise<Buffer[]> =>
    Promise.all(names.filter((name) => name.endsWith(ending)).map((name) => readFile(join(assets, name))))
  const scripts = await of('.js')
  const styles = await of('.css')
  const [mainWindow, popover] = [await startScripts('window.html'), await startScripts('index.html')]
  const count = countsOf('app')
  return [
    measurement('what main starts with', sum(main)),
    measurement('preload bundle', preload.length),
    measurement('scripts of the windows', sum(scripts)),
    measurement('scripts of the windows, gzipped', sum(scripts.map((one) => gzipSync(one)))),
    measurement('styles of the windows', sum(styles)),
    measurement('scripts that the main window starts with', sum(mainWindow), 693),
    measurement('scripts that the popover starts with', sum(popover), 635),
    count('files that these are, of the main window', mainWindow.length),
    count('files that these are, of the popover', popover.length),
  ]
}

/** The scripts that a page names: its own, and those that it imports before it starts. */
async function startScripts(page: string): Promise<readonly Buffer[]> {
  const html = await readFile(join(OUT, 'renderer', page), 'utf8')
  const names = [...html.matchAll(/(?:src|href)="\.\/(assets\/[^"]+\.js)"/g)].map(([, name = '']) => name)
  return Promise.all(names.map((name) => readFile(join(OUT, 'renderer', name))))
}

const sum = (files: readonly Buffer[]): number => files.reduce((total, { length }) => total + length, 0)

import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Chance, createChance } from '../chance'

/** What programs write, to be measured with; each as long as it is said to be, and the same at each run. */
export const outputs = [
  { name: 'a large text', bytes: 12_000_000, lineOf: textLine },
  { name: 'ls -lR', bytes: 12_000_000, lineOf: listLine },
  { name: 'many colours', bytes: 6_000_000, lineOf: colourLine },
] as const

/** Writes one into a file of the folder; its path and bytes. */
export async function writeOutput(
  folder: string,
  { name, bytes, lineOf }: (typeof outputs)[number],
): Promise<{ readonly path: string; readonly bytes: Buffer }> {
  const chance = createChance(7)
  const lines: string[] = []
  for (let length = 0; length < bytes;) {
    const line = `${lineOf(chance)}\n`
    lines.push(line)
    length += line.length
  }
  const all = Buffer.from(lines.join('').slice(0, bytes - 1) + '\n')
  const path = join(folder, `${name.replaceAll(' ', '-')}.txt`)
  await writeFile(path, all)
  return { path, bytes: all }
}

const WORDS = [
  'gradient',
  'of',
  'the',
  'loss',
  'a',
  'tensor',
  'epoch',
  'is',
  'checkpoint',
  'to',
  'and',
  'batch',
] as const

function textLine(chance: Chance): string {
  let line = ''
  for (const wanted = chance.whole(20, 110); line.length < wanted;) line += `${chance.pick(WORDS)} `
  return line.trimEnd()
}

function listLine(chance: Chance): string {
  if (chance.is(0.05))
    return `\n./${chance.pick(WORDS)}/${chance.pick(WORDS)}-${chance.whole(1, 999)}:\ntotal ${chance.whole(4, 4_000)}`
  const size = String(chance.whole(1, 99_999_999)).padStart(9)
  return `-rw-r--r-- 1 root root ${size} Nov ${String(chance.whole(1, 28)).padStart(2)} 09:${chance.whole(10, 59)} ${chance.pick(WORDS)}-${chance.whole(1, 9_999)}.safetensors`
}

/** As a progress bar, a log or an editor with highlighting: a colour for each word. */
function colourLine(chance: Chance): string {
  let line = ''
  for (let words = chance.whole(6, 12); words > 0; words--) {
    const colour = chance.pick([
      `3${chance.whole(1, 7)}`,
      `1;9${chance.whole(1, 7)}`,
      `38;5;${chance.whole(16, 255)}`,
      `38;2;${chance.whole(0, 255)};${chance.whole(0, 255)};${chance.whole(0, 255)}`,
      `4;3${chance.whole(1, 7)};4${chance.whole(1, 7)}`,
    ])
    line += `\u001B[${colour}m${chance.pick(WORDS)}\u001B[0m `
  }
  return line
}

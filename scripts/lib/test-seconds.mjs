import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { inProject } from './project.mjs'

/** Duration in seconds of each test file's last run on this computer, by path in the checkout. */
const RECORD = inProject('.cache/test-seconds.json')

export function readTestSeconds() {
  try {
    return JSON.parse(readFileSync(RECORD, 'utf8'))
  } catch {
    return {}
  }
}

/** Records the `files` of a report; records of files that did not run are kept. */
export function recordTestSeconds(files) {
  const ran = Object.fromEntries(files.map(({ path, seconds }) => [path, Number(seconds.toFixed(1))]))
  mkdirSync(dirname(RECORD), { recursive: true })
  writeFileSync(RECORD, JSON.stringify({ ...readTestSeconds(), ...ran }, null, 2))
}

import { readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The checkout's folder. */
export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..')

export const inProject = (...parts) => join(root, ...parts)

export const readJson = (file) => JSON.parse(readFileSync(file, 'utf8'))

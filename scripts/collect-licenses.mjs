import { writeFileSync } from 'node:fs'
import { inProject } from './lib/project.mjs'
import { licensesText, shippedPackages } from './lib/shipped-packages.mjs'

/* Writes out/licenses.txt, which the app shows, of what the build before it contains. */
writeFileSync(inProject('out/licenses.txt'), licensesText(shippedPackages()))

/*
 * How long an image is pulled, by its size. The sizes are those of images of the same kind, and the speed is that of a
 * busy host; nobody published either.
 */

/** By a part of the image's name; the first that is in it counts. */
const SIZES_GB: readonly (readonly [part: string, sizeGb: number])[] = [
  ['ubuntu', 0.1],
  ['whisper', 6],
  ['comfyui', 12],
  ['axolotl', 15],
  ['vllm', 20],
]

const USUAL_SIZE_GB = 4.1
const PULL_GB_PER_S = 0.15

/** From the last layer to the start of the container. */
const UNPACK_S = 1.7

export function imageSizeGb(image: string): number {
  return SIZES_GB.find(([part]) => image.includes(part))?.[1] ?? USUAL_SIZE_GB
}

/** Seconds from the first byte of the image to the start of its container. */
export function pullSecondsOf(sizeGb: number): number {
  return Math.round(sizeGb / PULL_GB_PER_S + UNPACK_S)
}

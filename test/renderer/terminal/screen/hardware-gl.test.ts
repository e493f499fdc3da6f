import { expect, test } from 'vitest'
import { isHardwareRenderer } from '../../../../src/renderer/terminal/screen/hardware-gl'

test.each([
  ['ANGLE (NVIDIA, NVIDIA GeForce RTX 3060 Direct3D11 vs_5_0 ps_5_0, D3D11)', true],
  ['ANGLE (Intel, Mesa Intel(R) UHD Graphics 620 (KBL GT2), OpenGL 4.6)', true],
  ['ANGLE (Apple, ANGLE Metal Renderer: Apple M2, Unspecified Version)', true],
  ['ANGLE (Google, Vulkan 1.3.0 (SwiftShader Device (Subzero) (0x0000C0DE)), SwiftShader driver)', false],
  ['ANGLE (Mesa, llvmpipe (LLVM 15.0.6, 256 bits), OpenGL 4.5)', false],
  ['Google SwiftShader', false],
  ['ANGLE (Microsoft, Microsoft Basic Render Driver Direct3D11, D3D11)', false],
  ['', false],
  [null, false],
])('whether the renderer %s is a GPU is %s', (renderer, isHardware) =>
  expect(isHardwareRenderer(renderer)).toBe(isHardware),
)

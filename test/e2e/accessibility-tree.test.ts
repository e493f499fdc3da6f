import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchForReading, type ReadingApp } from '../harness/app/launch-for-reading'

/* The complete accessibility tree of the popover, as Chromium exposes it to screen readers. */

let reading: ReadingApp
beforeAll(async () => {
  reading = await launchForReading()
})
afterAll(() => reading?.close())

test('the popover with five pods', async () => {
  expect(await reading.treeOf('popover', 'pods')).toMatchInlineSnapshot(`
    "
    banner
      heading "Podkeeper" level=1
      text "live · 4 s ago"
      button "Refresh now"
      button "Open the window"
      button "More"
    region "Money"
      text "burning now"
      text "balance"
      text ", lasts 8 h 59 m"
      text "$18.25 per hour"
      text "$164.20"
      text "3 running, 2 of them idle · 1 being created · 1 stopped"
    main
      region "Pods"
        heading "Pods" level=2
        list
          listitem level=1
            article "llama-70b-sft"
              heading "llama-70b-sft" level=3 (llama-70b-sft)
              text "Running"
              text "4 × H100 SXM"
              text "US-KS-2"
              text "93"
              text "%"
              text "GPU"
              text "$10.76 per hour"
              text "$66.71 · 5 h 59 m"
              button "Terminal on llama-70b-sft"
              button "Stop llama-70b-sft"
              button "More for llama-70b-sft"
          listitem level=1
            article "mcmc-planck"
              heading "mcmc-planck" level=3 (mcmc-planck)
              text "Idle 12 min"
              text "1 × H200 SXM"
              text "EU-RO-1"
              text "0"
              text "%"
              text "GPU"
              text "$3.99 per hour"
              text "$10.64 · 2 h 39 m"
              text "GPU 0–2 %, CPU 1 %, memory still, in all 48 samples since 13:53"
              text "·"
              text "$0.80"
              text "for nothing"
              text "· alert in 3 min"
              button "Terminal on mcmc-planck"
              button "Stop mcmc-planck"
              button "Keep on mcmc-planck"
              button "More for mcmc-planck"
          listitem level=1
            article "eval-sweep-b"
              heading "eval-sweep-b" level=3 (eval-sweep-b)
              text "Creating"
              text "2 × A100 PCIe"
              text "US-KS-2"
              text "$2.78/h"
              text "Creating for 15 min: unusually long, and perhaps paid for already"
              button "Terminal on eval-sweep-b, once it runs" disabled
              button "Stop eval-sweep-b"
              button "More for eval-sweep-b"
          listitem level=1
            article "comfy-scratch"
              heading "comfy-scratch" level=3 (comfy-scratch)
              text "Idle 54 min"
              text "1 × RTX 4090"
              text "US-TX-3"
              text "1"
              text "%"
              text "GPU"
              text "$0.69 per hour"
              text "$6.24 · 8 h 59 m"
              text "GPU 0–2 %, CPU 1 %, memory still, in all 216 samples since 13:11"
              text "·"
              text "$0.62"
              text "for nothing"
              button "Terminal on comfy-scratch"
              button "Stop comfy-scratch"
              button "Keep on comfy-scratch"
              button "More for comfy-scratch"
      region "Stopped 1 pod · disks cost $0.67 a day"
        heading "Stopped 1 pod · disks cost $0.67 a day" level=2
        list
          listitem level=1
            article "anomaly-v3"
              heading "anomaly-v3" level=3 (anomaly-v3)
              text "Stopped"
              text "1 × A100 SXM"
              text "US-KS-2"
              text "Its disk costs $0.67 a day while stopped"
              button "Start anomaly-v3"
              button "More for anomaly-v3"
    status live=polite
    "
  `)
})

test('the popover at first run', async () => {
  expect(await reading.treeOf('popover', 'first-run')).toMatchInlineSnapshot(`
    "
    banner
      heading "Podkeeper" level=1
    main
      list "Steps"
        listitem level=1
          text "1 Connect"
        listitem level=1
          text "2 Watch"
        listitem level=1
          text "3 Done"
      heading "Connect to Runpod" level=2
      text "Podkeeper watches your pods, says when one sits idle, and stops what you tell it to stop."
      text "API key"
      textbox "API key" focused (The app takes the key from the clipboard by itself, never through this window, and keeps it in the system keyring where there is one. A read-only key is enough to watch; starting and stopping pods needs write access.)
      status live=polite
      button "Paste key"
      button "Open Runpod's API keys page"
      text "The app takes the key from the clipboard by itself, never through this window, and keeps it in the system keyring where there is one. A read-only key is enough to watch; starting and stopping pods needs write access."
      separator
      button "Try it without an account"
      text "A demo with made-up pods on this computer. It costs nothing."
    status live=polite
    "
  `)
})

test('a pod whose stop can be undone', async () => {
  expect(await reading.treeOf('popover', 'actions')).toMatchInlineSnapshot(`
    "
    banner
      heading "Podkeeper" level=1
      text "live · 4 s ago"
      button "Refresh now"
      button "Open the window"
      button "More"
    region "Money"
      text "burning now"
      text "balance"
      text ", lasts 11 h 06 m"
      text "$14.78 per hour"
      text "$164.20"
      text "2 running, 1 of them idle · 1 stopped"
    main
      region "Pods"
        heading "Pods" level=2
        list
          listitem level=1
            article "slow-to-stop"
              heading "slow-to-stop" level=3 (slow-to-stop)
              text "Running"
              text "4 × H100 SXM"
              text "US-KS-2"
              text "93"
              text "%"
              text "GPU"
              text "$10.76 per hour"
              text "$66.71 · 5 h 59 m"
              text "Stopping: no answer yet; checking."
              button "Terminal on slow-to-stop"
              button "More for slow-to-stop"
          listitem level=1
            article "mcmc-planck"
              heading "mcmc-planck" level=3 (mcmc-planck)
              text "Idle 12 min"
              text "1 × H200 SXM"
              text "EU-RO-1"
              text "0"
              text "%"
              text "GPU"
              text "$3.99 per hour"
              text "$10.64 · 2 h 39 m"
              text "GPU 0–2 %, CPU 1 %, memory still, in all 48 samples since 13:53"
              text "·"
              text "$0.80"
              text "for nothing"
              text "· alert in 3 min"
              text "Stopping in 4 s."
              text "Keeps /workspace (100 GB, $0.67 a day); the container disk (40 GB) is lost. The GPU may be taken."
              button "Undo: stop mcmc-planck"
              button "Terminal on mcmc-planck"
              button "More for mcmc-planck"
      region "Stopped 1 pod · disks cost $0.67 a day"
        heading "Stopped 1 pod · disks cost $0.67 a day" level=2
        list
          listitem level=1
            article "no-gpu-for-it"
              heading "no-gpu-for-it" level=3 (no-gpu-for-it)
              text "Stopped"
              text "1 × A100 SXM"
              text "US-KS-2"
              text "Its disk costs $0.67 a day while stopped"
              text "Not started. There are not enough free GPUs on the host machine to start this pod."
              button "Start no-gpu-for-it"
              button "More for no-gpu-for-it"
    status live=polite
    "
  `)
})

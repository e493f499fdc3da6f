import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchForReading, type ReadingApp } from '../harness/app/launch-for-reading'

/* The complete accessibility tree of the main window, as Chromium exposes it to screen readers. */

let reading: ReadingApp
beforeAll(async () => {
  reading = await launchForReading()
})
afterAll(() => reading?.close())

test('the main window with five pods', async () => {
  expect(await reading.treeOf('main', 'pods')).toMatchInlineSnapshot(`
    "
    banner
      navigation "Pages"
        list
          listitem level=1
            button "Pods"
          listitem level=1
            button "Costs"
          listitem level=1
            button "Terminals"
          listitem level=1
            button "Activity"
          listitem level=1
            button "Settings"
      text "Runpod"
      text "api.runpod.io"
      text "54 requests"
      text "left"
      button "More"
    main
      heading "Pods" level=1
      text "live · 4 s ago"
      button "Refresh now"
      button "Search or run a command"
      region "Money and counts"
        text "Burning now"
        text "$18.25 per hour"
        list "Who burns it"
          listitem level=1
            text "llama-70b-sft"
            text "$10.76/h · 59 %"
          listitem level=1
            text "mcmc-planck"
            text "$3.99/h · 22 % · idle"
          listitem level=1
            text "eval-sweep-b"
            text "$2.78/h · 15 %"
          listitem level=1
            text "comfy-scratch"
            text "$0.69/h · 4 % · idle"
          listitem level=1
            text "disks of stopped pods"
            text "$0.03/h · <1 %"
        text "Balance"
        text "$164.20"
        text "runs out in"
        text "8 h 59 m"
        text "Pods"
        text "3 running"
        text "2 of them idle · 1 being created · 1 stopped"
      radiogroup "Show"
        radio "All 5" checked=true
        radio "Running 3"
        radio "Idle 2"
        radio "Stopped 1"
        radio "Error 0"
      searchbox "Search pods"
      status live=polite
      text "Sort by"
      button "Price Sort by"
      region "Pods"
        heading "Pods" level=2
        list
          listitem level=1
            article "llama-70b-sft"
              heading "llama-70b-sft" level=3 (llama-70b-sft)
              text "Running"
              text "4 × H100 SXM"
              text "US-KS-2"
              text "network volume"
              text "."
              text "If it is terminated: keeps /workspace (network volume); the container disk (40 GB) is lost."
              text "93"
              text "%"
              text "GPU"
              text "$10.76 per hour"
              text "$66.71 · 5 h 59 m"
              list "Use of its 4 GPUs"
                listitem "GPU 0: 93 %, memory 71 %" level=2
                  text "GPU 0: 93 %, memory 71 %"
                listitem "GPU 1: 91 %, memory 71 %" level=2
                  text "GPU 1: 91 %, memory 71 %"
                listitem "GPU 2: 94 %, memory 71 %" level=2
                  text "GPU 2: 94 %, memory 71 %"
                listitem "GPU 3: 90 %, memory 71 %" level=2
                  text "GPU 3: 90 %, memory 71 %"
              button "Terminal on llama-70b-sft"
              button "Stop llama-70b-sft"
              button "More for llama-70b-sft"
          listitem level=1
            article "mcmc-planck"
              heading "mcmc-planck" level=3 (mcmc-planck)
              text "Idle 12 min"
              text "1 × H200 SXM"
              text "EU-RO-1"
              text "volume 100 GB"
              text "."
              text "If it is terminated: nothing is kept; /workspace (100 GB) and the container disk (40 GB) are lost."
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
              text "volume 100 GB"
              text "."
              text "If it is terminated: nothing is kept; /workspace (100 GB) and the container disk (40 GB) are lost."
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
              text "no volume"
              text "."
              text "If it is terminated: nothing is kept; the container disk (40 GB) is lost."
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
              text "volume 100 GB"
              text "."
              text "If it is terminated: nothing is kept; /workspace (100 GB) and the container disk (40 GB) are lost."
              text "Its disk costs $0.67 a day while stopped"
              button "Start anomaly-v3"
              button "More for anomaly-v3"
    status live=polite
    "
  `)
})

test('the main window while Runpod does not answer', async () => {
  expect(await reading.treeOf('main', 'offline')).toMatchInlineSnapshot(`
    "
    banner
      navigation "Pages"
        list
          listitem level=1
            button "Pods"
          listitem level=1
            button "Costs"
          listitem level=1
            button "Terminals"
          listitem level=1
            button "Activity"
          listitem level=1
            button "Settings"
      text "Runpod"
      text "api.runpod.io"
      text "54 requests"
      text "left"
      button "More"
    main
      heading "Pods" level=1
      text "no answer for 6 min · trying again in 40 s"
      button "Refresh now"
      button "Search or run a command"
      region "Money and counts"
        text "Burning at 13:59"
        text "$10.79 per hour"
        list "Who burns it"
          listitem level=1
            text "llama-70b-sft"
            text "$10.76/h · 100 %"
          listitem level=1
            text "disks of stopped pods"
            text "$0.03/h · <1 %"
        text "Balance"
        text "$164.20"
        text "runs out in"
        text "15 h 13 m"
        text "Pods"
        text "1 running"
        text "1 stopped"
      list "Messages" live=polite
        listitem level=1
          text "What you see is from"
          text "13:59"
          text "."
          text "Runpod could not be reached: the connection was refused."
          button "Try now"
      radiogroup "Show"
        radio "All 2" checked=true
        radio "Running 1"
        radio "Idle 0"
        radio "Stopped 1"
        radio "Error 0"
      searchbox "Search pods"
      status live=polite
      text "Sort by"
      button "Price Sort by"
      region "Pods"
        heading "Pods" level=2
        list
          listitem level=1
            article "llama-70b-sft"
              heading "llama-70b-sft" level=3 (llama-70b-sft)
              text "Running"
              text "4 × H100 SXM"
              text "US-KS-2"
              text "network volume"
              text "."
              text "If it is terminated: keeps /workspace (network volume); the container disk (40 GB) is lost."
              text "93"
              text "%"
              text "GPU"
              text "$10.76 per hour"
              text "$66.71 · 5 h 54 m"
              list "Use of its 4 GPUs"
                listitem "GPU 0: 93 %, memory 71 %" level=2
                  text "GPU 0: 93 %, memory 71 %"
                listitem "GPU 1: 91 %, memory 71 %" level=2
                  text "GPU 1: 91 %, memory 71 %"
                listitem "GPU 2: 94 %, memory 71 %" level=2
                  text "GPU 2: 94 %, memory 71 %"
                listitem "GPU 3: 90 %, memory 71 %" level=2
                  text "GPU 3: 90 %, memory 71 %"
              button "Terminal on llama-70b-sft"
              button "Stop llama-70b-sft"
              button "More for llama-70b-sft"
      region "Stopped 1 pod · disks cost $0.67 a day"
        heading "Stopped 1 pod · disks cost $0.67 a day" level=2
        list
          listitem level=1
            article "anomaly-v3"
              heading "anomaly-v3" level=3 (anomaly-v3)
              text "Stopped"
              text "1 × A100 SXM"
              text "US-KS-2"
              text "volume 100 GB"
              text "."
              text "If it is terminated: nothing is kept; /workspace (100 GB) and the container disk (40 GB) are lost."
              text "Its disk costs $0.67 a day while stopped"
              button "Start anomaly-v3"
              button "More for anomaly-v3"
    status live=polite
      text "The picture is no longer live."
    "
  `)
})

// A function of toys in every mood, bundled as the real ones are: the behaviour around a step, without any step of ours.
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { functionHandler } from '../../../infra/function/function-handler.ts'
import { event } from '../../../shared/events/event.ts'
import { PermanentError, UnavailableError } from '../../../shared/ports/errors.ts'
import type { AllPorts } from '../../../shared/runtime/ports.ts'
import { json, service } from '../../../shared/runtime/service.ts'
import { customStep, type Step } from '../../../shared/runtime/step.ts'

const Said = event('toy.word.said', z.object({ word: z.string() }))
const Heard = event('toy.word.heard', z.object({ word: z.string() }), { final: true })

const hearWord = customStep({
  name: 'toy-hear-word',
  on: Said,
  emits: [Heard],
  timeoutMs: 20_000,
  async run({ word }) {
    if (word === 'throw') throw new Error('This word throws')
    if (word === 'never') throw new PermanentError('This word can never be heard')
    if (word === 'away') throw new UnavailableError('The listener is away')
    if (word === 'slow') await sleep(1_500)
    return [Heard.of({ word })]
  },
})

const sleeper = service({
  name: 'toy-sleeper',
  routes: [
    {
      method: 'GET',
      path: '/sleep/:ms',
      async run({ params, query }) {
        await sleep(Number(params.ms))
        return json(200, { slept: Number(params.ms), dream: query.get('dream') })
      },
    },
    {
      method: 'GET',
      path: '/throw',
      run() {
        throw new Error('This route throws')
      },
    },
  ],
})

export default functionHandler({
  name: 'toy',
  kind: 'room',
  steps: [hearWord as unknown as Step<AllPorts>],
  services: [sleeper],
  others: [],
  wire: {},
  migrations: 1,
  version: '1.2.3',
})

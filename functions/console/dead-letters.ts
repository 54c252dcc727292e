import { z } from 'zod'
import { InputError } from '../../shared/ports/errors.ts'
import { type Route, redirect } from '../../shared/runtime/service.ts'
import type { ConsolePorts } from './ports.ts'
import { given, showForm } from './show.ts'

const LETTERS_SHOWN = 100

export const deadLetters: Route<ConsolePorts> = {
  method: 'GET',
  path: '/dead-letters',
  async run(request, ports) {
    const [run, replayed] = [given(request.query, 'run'), given(request.query, 'replayed')]
    const letters = await ports.runViews.deadLetters({ run, limit: LETTERS_SHOWN })
    const view = { letters, run, limit: LETTERS_SHOWN, replayed }
    return showForm(ports, request, (pages, frame) => pages.deadLetters(frame, view))
  },
}

const letter = z.object({ event: z.string().min(1), subscriber: z.string().min(1) })

/** Tries a dead letter again. Asking twice is harmless: what is no longer dead is refused. */
export const replay: Route<ConsolePorts> = {
  method: 'POST',
  path: '/dead-letters/replay',
  form: letter,
  async run({ body, call }, ports) {
    const { event, subscriber } = letter.parse(body)
    if (!(await ports.deadLetterOffice.replay(event, subscriber))) {
      throw new InputError(`Event ${event} is no dead letter of ${subscriber} that could be tried again`)
    }
    return redirect(call, `/dead-letters?${new URLSearchParams({ replayed: event })}`)
  },
}

import { z } from 'zod'
import { InputError } from '../../../shared/ports/errors.ts'
import type { Reply } from '../../../shared/runtime/serve.ts'
import { json } from '../../../shared/runtime/service.ts'
import { bearsToken } from '../../../shared/runtime/signature.ts'
import type { House } from '../house.ts'
import { type ErrorDocument, OPERATION_HEADER, toErrorDocument } from './errors.ts'
import { operations } from './index.ts'
import type { Operation } from './operation.ts'

export const OPERATIONS_PATH = '/edgefund/operations/'

export interface OperationCall {
  readonly house: House
  readonly token: string
  readonly name: string
  readonly authorization: string | undefined
  readonly body: Uint8Array
}

const STATUS = { input: 400, unavailable: 503, error: 500 } as const

/** Answers one operation over HTTP: who holds the lock's token may ask, and errors keep their kind. */
export async function serveOperation({ house, token, name, authorization, body }: OperationCall): Promise<Reply> {
  if (!bearsToken(authorization, token)) {
    return json(401, { kind: 'error', message: 'This needs the token of the lock file' })
  }
  const answer = (status: number, document: unknown): Reply => {
    const reply = json(status, document)
    return { ...reply, headers: { ...reply.headers, [OPERATION_HEADER]: name } }
  }
  if (!Object.hasOwn(operations, name)) {
    const message = `Its version ${house.parts.codeVersion} has no operation "${name}": stop it and try again`
    return answer(404, { kind: 'unavailable', message } satisfies ErrorDocument)
  }
  try {
    const output = await runOperation(operations[name as keyof typeof operations] as Operation, parse(body), house)
    return answer(200, output ?? null)
  } catch (error) {
    const document = toErrorDocument(error)
    if (document.kind === 'error') house.parts.log.error({ err: error, operation: name }, 'failed')
    return answer(STATUS[document.kind], document)
  }
}

/** Checks what an operation is given, then does it. */
export async function runOperation(operation: Operation, input: unknown, house: House): Promise<unknown> {
  const parsed = operation.input.safeParse(input)
  if (!parsed.success) throw new InputError(z.prettifyError(parsed.error).replaceAll('\n', ' '))
  return operation.run(parsed.data, house)
}

function parse(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body).toString('utf8') || '{}')
  } catch (cause) {
    throw new InputError('The body is not JSON', { cause })
  }
}

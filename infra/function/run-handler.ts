import { InputError } from '../../shared/ports/errors.ts'
import { byteSize } from './byte-size.ts'
import { type Handler, serveHandler } from './handler-server.ts'

const DEFAULT_PORT = '3000'
/** The official template's own. */
const DEFAULT_MOST_BYTES = '100kb'

/**
 * Serves a handler as a process of its own, by the variables that the official template knows: `http_port`, and `MAX_RAW_SIZE` for the
 * largest body. A process that cannot serve ends with 1, so that the watchdog ends too and the container is started anew.
 */
export async function runHandler(handler: Handler, env: Readonly<Record<string, string | undefined>> = process.env) {
  try {
    const { port } = await serveHandler(handler, settingsOf(env))
    console.log(`function listens on ${port}`)
  } catch (error) {
    console.error(`The function cannot be served: ${(error as Error).message}`)
    process.exit(1)
  }
}

function settingsOf({ http_port, MAX_RAW_SIZE }: Readonly<Record<string, string | undefined>>) {
  const port = Number(http_port || DEFAULT_PORT)
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new InputError(`http_port is "${http_port}", expected a port`)
  }
  const size = MAX_RAW_SIZE || DEFAULT_MOST_BYTES
  const maxBodyBytes = byteSize(size)
  if (maxBodyBytes === undefined) throw new InputError(`MAX_RAW_SIZE is "${size}", expected a size such as 2mb`)
  return { port, maxBodyBytes }
}

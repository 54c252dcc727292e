import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface StubOptions {
  /** What the model says of a question; the user's message is given. */
  readonly answer?: (content: string) => string
  readonly models?: readonly string[]
  /** Of the first request for the model. */
  readonly loadMs?: number
  readonly answerMs?: number
  /** Streams whatever is asked for. */
  readonly alwaysStreams?: boolean
  /** Takes the place of the answer to the n-th request for one, counted from 0. */
  readonly instead?: (n: number, response: ServerResponse) => boolean
}

interface Asked {
  readonly path: string
  readonly body: {
    readonly model?: string
    readonly stream?: boolean
    readonly keep_alive?: number
    readonly messages?: readonly { readonly role: string; readonly content: string }[]
    readonly options?: Readonly<Record<string, number>>
  }
}

const MODEL = 'qwen2.5-instruct:1.5b'

/** A server with the manners of hailo-ollama, as its source has them: SENTIMENT §1.4. */
export async function hailoStub(options: StubOptions = {}) {
  const { answer = () => 'positive', models = [MODEL], loadMs = 0, answerMs = 0 } = options
  const asked: Asked[] = []
  let questions = 0
  let connections = 0
  let mostConnections = 0
  let loaded = false

  const chat = async ({ body }: Asked, response: ServerResponse) => {
    const said = (value: object) =>
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value))
    if (options.instead?.(questions++, response)) return
    if (!models.includes(body.model ?? '')) return said({ error: `model '${body.model}' not found` })
    await pause(loaded ? answerMs : loadMs)
    loaded = true
    const content = answer(body.messages?.at(-1)?.content ?? '')
    if (body.stream === false && !options.alwaysStreams) {
      return said({ model: body.model, message: { role: 'assistant', content }, done: true, done_reason: 'stop' })
    }
    response.writeHead(200, { 'content-type': 'application/x-ndjson' })
    for (const letter of content) {
      response.write(`${JSON.stringify({ message: { role: 'assistant', content: letter }, done: false })}\r\n`)
    }
    response.end(`${JSON.stringify({ message: { role: 'assistant', content: '' }, done: true })}\r\n`)
  }

  const serve = async (request: IncomingMessage, response: ServerResponse) => {
    const pieces: Buffer[] = []
    for await (const piece of request) pieces.push(piece)
    const text = Buffer.concat(pieces).toString('utf8')
    const one: Asked = { path: request.url ?? '/', body: text === '' ? {} : JSON.parse(text) }
    asked.push(one)
    if (one.path === '/api/tags') return response.end(JSON.stringify({ models: models.map((name) => ({ name })) }))
    if (one.path === '/hailo/v1/list') return response.end(JSON.stringify({ models: ['qwen2:1.5b', MODEL] }))
    if (one.path === '/api/chat') return chat(one, response)
    return response.writeHead(404).end()
  }

  const server = createServer((request, response) => void serve(request, response))
  server.on('connection', (socket) => {
    mostConnections = Math.max(mostConnections, ++connections)
    socket.on('close', () => connections--)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    model: MODEL,
    questions: () => asked.filter(({ path }) => path === '/api/chat').map(({ body }) => body),
    asked,
    mostConnections: () => mostConnections,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

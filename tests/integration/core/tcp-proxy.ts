import { type AddressInfo, createServer, type Server, type Socket, connect as toServer } from 'node:net'

export interface TcpProxy {
  /** The same address as the target's, by way of the proxy. */
  readonly url: string
  /** Ends every connection and takes no new ones. */
  cut(): Promise<void>
  restore(): Promise<void>
  close(): Promise<void>
}

/** A door before a server that a test can shut, so that the server is away for one client alone. */
export async function tcpProxy(target: string): Promise<TcpProxy> {
  const address = new URL(target)
  const host = address.hostname
  const targetPort = Number(address.port || 5432)
  const sockets = new Set<Socket>()
  let server: Server | undefined
  let port = 0

  const join = (near: Socket) => {
    const far = toServer(targetPort, host)
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ]) {
      sockets.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => {
        sockets.delete(socket)
        other.destroy()
      })
      socket.pipe(other)
    }
  }
  const restore = async () => {
    const opened = createServer(join)
    server = opened
    await new Promise<void>((resolve) => opened.listen(port, '127.0.0.1', resolve))
    port = (opened.address() as AddressInfo).port
  }
  const cut = async () => {
    const closed = new Promise<void>((resolve) => (server ? server.close(() => resolve()) : resolve()))
    server = undefined
    for (const socket of sockets) socket.destroy()
    await closed
  }

  await restore()
  address.hostname = '127.0.0.1'
  address.port = String(port)
  return { url: address.href, cut, restore, close: cut }
}

import { describe, expect, it } from 'vitest'
import { readServers } from '../../../../shared/adapters/nats/servers.ts'
import { InputError } from '../../../../shared/ports/errors.ts'

describe('the address of NATS', () => {
  it('is taken apart, with the usual port where none is said', () => {
    expect(readServers('nats://bridge:a%2Cb%40c@one:4333, nats://two')).toEqual({
      hosts: ['one:4333', 'two:4222'],
      user: 'bridge',
      password: 'a,b@c',
      tls: false,
    })
    expect(readServers('tls://[::1]:4')).toMatchObject({ hosts: ['[::1]:4'], user: undefined, tls: true })
    expect(readServers('one:1,two:2').hosts).toEqual(['one:1', 'two:2'])
  })

  it.each([
    ['', /is empty/],
    ['http://one', /begins with http:\/\/; expected nats:\/\/ or tls:\/\//],
    ['nats://one,tls://two', /mixes nats:\/\/ and tls:\/\//],
    ['nats://a:secret@one,nats://b:secret@two', /several users/],
    ['nats://', /Server 1 .* cannot be read/],
  ])('"%s" is refused, and no password told', (url, reason) => {
    expect(() => readServers(url)).toThrow(InputError)
    expect(() => readServers(url)).toThrow(reason)
    expect(() => readServers(url)).not.toThrow(/secret/)
  })
})

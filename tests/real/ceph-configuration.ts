interface Cluster {
  readonly root: string
  readonly cluster: string
  readonly store: string
  readonly monitorPort: number
  readonly gatewayPort: number
  /** The store takes four ports from here up. */
  readonly storePort: number
}

/** The configuration of one monitor, one store and one gateway without a manager, on loopback, without authentication between them. */
export function cephConfiguration({ root, cluster, store, monitorPort, gatewayPort, storePort }: Cluster): string {
  return Object.entries({
    fsid: cluster,
    'mon host': `v1:127.0.0.1:${monitorPort}`,
    'public addr': '127.0.0.1',
    'cluster addr': '127.0.0.1',
    'ms bind msgr2': false,
    'ms bind port min': storePort,
    'ms bind port max': storePort + 100,
    'auth cluster required': 'none',
    'auth service required': 'none',
    'auth client required': 'none',
    keyring: '/dev/null',

    'mon data': `${root}/mon`,
    'osd data': `${root}/osd`,
    'rgw data': `${root}/rgw`,
    'run dir': `${root}/run`,
    'crash dir': `${root}/log`,
    'log file': `${root}/log/$name.log`,
    'admin socket': `${root}/run/$name.asok`,

    // Without others to agree with, waiting for them is all loss: a start takes 14 s with what a cluster of many waits.
    'paxos propose interval': 0.05,
    'paxos min wait': 0.01,
    // One copy, on whatever disk this is and however full.
    'mon data avail crit': 1,
    'mon data avail warn': 2,
    'mon allow pool size one': true,
    'mon max pg per osd': 1_000,
    'osd pool default size': 1,
    'osd pool default min size': 1,
    'osd pool default pg num': 4,
    'osd pool default pgp num': 4,
    'osd pool default pg autoscale mode': 'off',
    'osd crush chooseleaf type': 0,
    'osd objectstore': store,
    'osd memory target': 939_524_096, // bytes; the smallest it takes
    'bluestore block size': 10 * 2 ** 30, // bytes of a sparse file
    'memstore device bytes': 4 * 2 ** 30,

    // Without tcp_nodelay every answer waits 40 ms for more to send.
    'rgw frontends': `beast endpoint=127.0.0.1:${gatewayPort} tcp_nodelay=1`,
    'rgw thread pool size': 64,
    'rgw run sync thread': false,
    'rgw dynamic resharding': false,
  }).reduce((text, [name, value]) => `${text}${name} = ${value}\n`, '[global]\n')
}
